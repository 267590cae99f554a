"""One module per language that functions are exported to."""
