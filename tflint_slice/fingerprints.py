"""What makes two findings the same one after the code around them has moved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from tflint_slice.model import Finding


def fingerprints(path: str, text: str, findings: Sequence[Finding]) -> Iterator[str]:
    """One for each finding: of its file, its rule and its code, layout and comments apart.

    Equal code in one file is told apart by counting from the top. 16 hexadecimal digits.
    """
    seen: Counter[str] = Counter()
    for finding in findings:
        code = "".join(text[finding.span.start : finding.span.end].split())
        same = "\0".join((path, finding.rule.code, code))
        seen[same] += 1
        whole = f"{same}\0{seen[same]}"
        yield hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]
