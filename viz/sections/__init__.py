"""The sections of the report, one file a group of questions; each returns None when the folder cannot answer it."""
