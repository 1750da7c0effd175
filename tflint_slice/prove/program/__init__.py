"""Proofs of whole programs: a program is run before and after its fixes, and what it did compared.

Nothing here runs unless somebody asked for it with ``tflint-slice prove`` and named the program.
"""
