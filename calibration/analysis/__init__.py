"""What results hang on: sensitivity, discovery, regret, ablation."""
