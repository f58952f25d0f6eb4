"""The batch engine: jobs, where they run, what is kept of each, and what happens when one dies."""
