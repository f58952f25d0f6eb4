"""Compiled inner loops: plain arrays in, plain arrays out, chance by identity. Each file is read when it is first used."""

from model.machine.late import files_of

__getattr__ = files_of(__name__)
