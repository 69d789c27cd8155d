"""Questions about this app's rows, answered with values or querysets."""
