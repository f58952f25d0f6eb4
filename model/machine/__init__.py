"""The machine below: compiled code and where it is kept, threads, files that are read when they are asked for."""
