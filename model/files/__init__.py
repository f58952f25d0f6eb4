"""Files from outside: text in any encoding, tables as people save them, YAML without traps. Faults, never tracebacks."""
