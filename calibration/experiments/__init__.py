"""Published experiments done again on the code that runs a town."""
