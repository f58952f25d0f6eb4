"""Fitting the model to national targets: screen, waves of runs, emulators, history matching, posterior, ensemble."""
