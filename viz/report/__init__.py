"""The report of a result folder, and the pages of validation, sensitivity and calibration."""
