"""Source text: the screen, positions, comments and suppressions."""
