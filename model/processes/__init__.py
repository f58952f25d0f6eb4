"""The acts of a week, one a file, in the order of `model/schedule.py`."""
