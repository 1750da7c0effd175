"""Files on disk: which to look at, how to read them, how to write them back."""
