"""The live view: what a visitor sees, asks and takes away."""
