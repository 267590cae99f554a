"""Derivatives held against other ways to compute them."""
