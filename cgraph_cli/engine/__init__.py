"""Arithmetics, kernels and the passes over a graph."""
