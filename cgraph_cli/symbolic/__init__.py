"""Graph to graph: derivatives as formulas, kept in a canonical form and written as a person would."""
