"""The computational graph: its form, how it is built, and how it is written as an expression."""
