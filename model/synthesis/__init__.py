"""People, households, homes, ties and places, made from published margins."""
