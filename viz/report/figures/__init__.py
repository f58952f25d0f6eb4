"""Pictures of a result: each is an inline SVG with a title and a description, and has a table behind it."""
