"""What programmes share: membership, sites, telling, targeting; and barriers."""
