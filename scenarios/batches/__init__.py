"""The batch engine: where jobs run, what bounds them, what is kept of each, and what happens when one dies."""
