"""What runs gave, read: estimates with their ranges, findings in order, and how amounts are written."""
