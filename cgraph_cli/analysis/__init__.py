"""What one can say of a result: kinks, non-finite numbers."""
