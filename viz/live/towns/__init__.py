"""The pair of towns behind a visitor's page, played, remembered and run properly."""
