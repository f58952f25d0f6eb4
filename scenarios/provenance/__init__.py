"""What made a result: code, version, checksums, and whose results lie in a folder."""
