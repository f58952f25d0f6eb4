"""Files from outside, read by one guarded reader: scenarios, sets of parameters; and files that appear whole."""
