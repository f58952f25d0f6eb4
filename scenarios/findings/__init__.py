"""What a comparison found, in order and in plain words, the same for terminal and page."""
