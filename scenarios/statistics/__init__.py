"""Means of runs with their ranges: over replicates, over sets of parameters, over samples of a town."""
