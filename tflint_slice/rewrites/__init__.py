"""How an update should be written: one module a target form (rung), and the ladder over them."""
