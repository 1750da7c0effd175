"""Source with known findings, for tests that are about something else."""

from __future__ import annotations

HEADER = "import tensorflow as tf\n\nv = tf.Variable([1.0, 2.0, 3.0])\n"

ITEM = "v[1] = 10.0\n"
ITEM_FIXED = "v.scatter_nd_update([[1]], [10.0])\n"

SCATTER = "v.assign(tf.tensor_scatter_nd_update(v, [[0]], [5.0]))\n"
SCATTER_FIXED = "v.scatter_nd_update([[0]], [5.0])\n"

UNSAFE = """\
import tensorflow as tf


def write(w: tf.Variable, i, x):
    w.assign(tf.tensor_scatter_nd_update(w, [[i]], [x]))
"""

CLEAN = HEADER + "print(v)\n"

BAD = HEADER + ITEM + SCATTER
"""Row 4: TFS101, row 5: TFS301, both with a safe fix."""

GOOD = HEADER + ITEM_FIXED + SCATTER_FIXED
