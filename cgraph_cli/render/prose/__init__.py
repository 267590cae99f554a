"""The worked solution, and the equations of a report."""
