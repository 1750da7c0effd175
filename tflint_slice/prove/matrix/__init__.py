"""The matrix of a rule: small programs for every receiver, index, value and dtype, all proved.

A row goes the whole way: its text is analysed, the finding fixed, and the fix proved. What comes
of it is stored in ``rules/proofs``, and each page's section on proofs is made from that.
"""
