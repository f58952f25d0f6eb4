"""The command line: a file a family of verbs, and what they share."""
