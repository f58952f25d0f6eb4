"""Before anything runs: whom plans are for, what they offer and cost, and what would come to nothing."""
