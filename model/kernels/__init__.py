"""Compiled inner loops: plain arrays in, plain arrays out, chance by identity."""
