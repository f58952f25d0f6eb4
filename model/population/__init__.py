"""Residents and what stands around them, as columns: people, ties, groups, assets, and which of these each can reach."""
