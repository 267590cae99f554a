"""The report as a table and as a tree, in columns of text."""
