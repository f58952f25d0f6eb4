"""Outputs of designs, and an emulator of them."""
