"""The sections of the report; each is None when the folder cannot answer it."""
