"""The maps of the live view, what stands on them, and what a click means."""
