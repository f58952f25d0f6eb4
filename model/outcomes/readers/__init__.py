"""Readers of outcomes: functions of a Record or of a town's State; one that needs more than a line has a file here."""
