"""What Windows and macOS would not let pass, held to on the system at hand."""
