"""A static analyser for partial updates of TensorFlow variables that proves its own fixes."""

__version__ = "0.1.0"
