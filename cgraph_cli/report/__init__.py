"""Results as plain data: what an evaluation, a differentiation and a walk over paths have found."""
