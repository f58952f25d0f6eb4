"""The acts of a week, one a file, in the order of `model/schedule.py`. Each is read when it is first used."""

from model.machine.late import files_of

__getattr__ = files_of(__name__)
