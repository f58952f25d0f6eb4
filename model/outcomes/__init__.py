"""What is counted of a town, week by week, and how the counts are read."""
