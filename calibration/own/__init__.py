"""Somebody's own targets: the figures of a survey of their place, read, checked, and what a template of them holds."""
