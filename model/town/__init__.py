"""A town as a Mesa model over columns: made, moved on, changed, kept, and looked into."""
