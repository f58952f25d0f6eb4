"""Sweeps: many points of one question, planned, run to the end and read as tidy tables."""
