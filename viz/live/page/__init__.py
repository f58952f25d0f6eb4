"""What the page of the live view shows, as plain data."""
