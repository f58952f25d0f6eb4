"""Validation: every pattern the model should show, target beside model, whichever way it falls."""
