"""`run.py bench`: speed, build time, memory and growth, measured in one run beside the plain reference of the rules.

Every measurement is a process of its own (`probe`), so that peaks of memory and compiled code are not shared.
"""
