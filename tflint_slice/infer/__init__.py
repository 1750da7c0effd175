"""What each expression of a file is: kind, dtype, shape, bounds."""
