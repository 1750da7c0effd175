"""``python -m tflint_slice`` is ``tflint-slice``."""

from __future__ import annotations

import sys

from tflint_slice.cli import main

if __name__ == "__main__":
    sys.exit(main())
