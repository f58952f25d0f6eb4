"""Who may talk to the live view, where it listens, and what visitors share."""
