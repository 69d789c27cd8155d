"""The maps: where everything is and where it goes."""
