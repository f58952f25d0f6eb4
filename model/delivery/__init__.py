"""What interventions share: settings, targeting, price; delivery, members, sites, telling; barriers; where types come from."""
