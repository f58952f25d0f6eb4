"""A folder that installs and runs on a machine that has never been online: program, packages, pages."""
