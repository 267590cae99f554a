"""The forward and the backward pass."""
