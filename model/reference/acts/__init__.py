"""The acts of a week, one file each, under the name of the process that each mirrors."""
