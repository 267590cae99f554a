"""The computational graph: its form, how it is built, derived and simplified."""
