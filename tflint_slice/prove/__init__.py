"""The proof harness: runs a fix against the original in TensorFlow, in a process of its own."""
