"""No finding gives a reason that is missing from its rule's page.

Programs are put together from pieces that are known or unknown, right or wrong; which of all
combinations are looked at is drawn, but the same in every run.
"""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from textwrap import indent

import pytest
from pages import claims
from reasons.row import (
    ANY_DTYPE,
    ANY_RANK,
    BOOLS,
    COMPILED,
    DYNAMIC,
    EITHER,
    GRAPH,
    INTS,
    KERAS,
    MATRIX,
    MIRRORED,
    MIXED,
    PLAIN,
    SCATTER,
    UINT8,
    fix_of,
    handled,
    trip,
)

from tflint_slice.engine import Job, check
from tflint_slice.settings import Settings

PARAMS = "g, i, n: int, array: np.ndarray, tensor: tf.Tensor, x, number: float"
GIVEN = [
    *(PLAIN, MATRIX, INTS, UINT8, BOOLS, ANY_DTYPE, ANY_RANK, COMPILED, GRAPH, MIRRORED, DYNAMIC),
    *(KERAS, MIXED, EITHER, "v = tf.Variable(1.0)", "v = tf.Variable(tf.zeros([5], tf.float16))"),
]
INDICES = [
    *("0", "-1", "7", "n", "i", "g()", "array", "tensor", "1.5", "'a'", "1:3", "n:", ":", "..."),
    *("0, 1", "n, 1:2", "None", "[0, 1]", "[0, 0]", "[0, 9]", "v < 0.0", "x > 0.0", "[[0], [1]]"),
]
VALUES = [
    *("1.0", "1", "300", "True", "None", "'s'", "x", "n", "number", "g()", "[1.0, 2.0]", "1j"),
    *("tf.ones([])", "tf.ones([2])", "tf.ones([4])", "tf.cast(x, tf.float32)", "np.random.rand()"),
]
OPERATORS = ["=", "=", "=", "+=", "/=", "**=", "&="]
ROWS = ["[[0]]", "[[n]]", "[[9]]", "[[g()]]", "[0]", "[0, 1]", "[[0, 1]]", "x", "array"]
UPDATES = ["[1.0]", "[1]", "1.0", "[1.0, 2.0]", "x", "[x]", "[g()]", "tf.ones([1])", "[True]"]

ITEMS = [f"v[{index}] {op} {x}" for index in INDICES for op in OPERATORS for x in VALUES]
STORES = [f"a{item[1:]}" for item in ITEMS]
CALLS = [SCATTER.format(rows, x) for rows in ROWS for x in UPDATES]
TENSORS = [f"t = tf.zeros([5])\nt{item[1:]}" for item in ITEMS]
PARTS = [(rows, x) for rows in ROWS for x in UPDATES]
METHODS = [f"v.scatter_nd_{op}({rows}, {x})" for rows, x in PARTS for op in ("update", "max")]
OLD = [
    f"tf.compat.v1.{name}(v, {rows}, {x})"
    for rows, x in PARTS
    for name in ("scatter_nd_add", "scatter_update", "scatter_mul")
]
DELTAS = [
    f"v.assign_add(tf.scatter_nd({rows}, {x}, {shape}))"
    for rows, x in PARTS
    for shape in ("v.shape", "tf.shape(v)", "[5]", "x")
]
DISCARDED = [f"tf.tensor_scatter_nd_update({of}, {rows}, {x})" for rows, x in PARTS for of in "vx"]
SLICES = [
    text
    for i in INDICES
    for x in VALUES
    for text in (
        f"v[{i}].assign_add({x})",
        f"v.value()[{i}].assign({x})",
        f"v[0][{i}].assign({x})",
    )
]
TEMPORARIES = [f"t = {call[len('v.assign(') : -1]}\nv.assign(t)" for call in CALLS]

MASKS = [
    "tf.range(5) == 2",
    "tf.range(5) == n",
    "tf.range(5) != 7",
    "tf.one_hot(n, 5) > 0",
    "tf.sequence_mask(2, 5)",
    "tf.range(3)[:, None] == 1",
    "tf.range(x) == 1",
    "tf.range(5) == g()",
    "tf.range(5) == tensor",
    "tf.range(tf.shape(v)[0]) == 0",
]
PIECES = [
    "v.assign(tf.concat([v[:2], [{}], v[3:]], 0))",
    "v.assign(tf.concat([v[:n], [{}], v[n + 1:]], 0))",
    "rows = tf.unstack(v)\nrows[2] = {}\nv.assign(tf.stack(rows))",
    "rows = tf.unstack(v)\nrows[n] = {}\nv.assign(tf.stack(rows))",
    "v.assign(tf.stack([{} if j == 2 else v[j] for j in range(5)]))",
    "t = tf.zeros([5])\nt = tf.concat([t[:2], [{}], t[3:]], 0)",
    "t = tf.zeros([5])\nrows = tf.unstack(t)\nrows[0] = {}\nt = tf.stack(rows)",
]
BODIES = {
    "items": ITEMS,
    "slices": SLICES,
    "tensors": TENSORS,
    "tensor-trips": [
        f"t = tf.zeros([5])\na = t.numpy()\n{store}\nt = tf.constant(a)" for store in STORES
    ],
    "masks": [f"v.assign(tf.where({mask}, {x}, v))" for mask in MASKS for x in VALUES],
    "pieces": [text.format(x) for text in PIECES for x in VALUES],
    "backend-trips": [
        f"a = tf.keras.ops.convert_to_numpy(v)\n{store}\nv.assign(a)" for store in STORES
    ],
    "getter-trips": [
        f"a = tf.keras.backend.get_value(v)\n{store}\ntf.keras.backend.set_value(v, a)"
        for store in STORES
    ],
    "weights-trips": [
        "layer = tf.keras.layers.Embedding(5, 3)\nw = layer.get_weights()\n"
        f"w[0]{store[1:]}\nlayer.set_weights(w)"
        for store in STORES
    ],
    "lost-writes": [f"v.numpy(){item[1:]}" for item in ITEMS],
    "lost-changes": [f"a = v.numpy()\n{store}" for store in STORES],
    "sliced-in-loops": [
        f"for k in range(3):\n    v[{index}].assign({x})" for index in INDICES for x in VALUES
    ],
    "loops": [
        f"for k in {entries}:\n    {turn}"
        for entries in ("range(5)", "range(n)", "[0, 1]", "array", "tensor")
        for turn in ("v[k].assign(1.0)", "v[k].assign(x)", "v.scatter_nd_update([[k]], [1.0])")
    ],
    "methods": METHODS,
    "old-functions": OLD,
    "deltas": DELTAS,
    "discarded": DISCARDED,
    "stores": [trip(store) for store in STORES],
    "two-stores": [trip(one, other) for one, other in itertools.product(STORES[::7], STORES[::11])],
    "scatters": [*CALLS, *(call.replace("update(v", "max(v.value()") for call in CALLS)],
    "temporaries": [*TEMPORARIES, *(text.replace("\n", "\ng()\n") for text in TEMPORARIES)],
}
LOOKED_AT = 250


@pytest.mark.parametrize("bodies", [pytest.param(each, id=name) for name, each in BODIES.items()])
def test_every_reason_that_is_given_stands_on_the_page(bodies: list[str], tmp_path: Path) -> None:
    drawn = random.Random(0)
    unknown = {}
    seen = set()
    for _ in range(LOOKED_AT):
        given, body = drawn.choice(GIVEN), drawn.choice(bodies)
        if drawn.random() < 0.1:
            body = handled(body)
        program = f"{given}\n\n\ndef f({PARAMS}):\n{indent(body, '    ')}\n"
        text = f"import numpy as np\nimport tensorflow as tf\n\n{program}"
        outcome = check(Job(str(tmp_path / "example.py"), Settings(), text.encode()))
        assert not outcome.failures
        for finding in outcome.found:
            assert (finding.reason is None) == (fix_of(finding) == "safe"), text
            if finding.reason is not None:
                found = finding.rule.code, finding.reason.value, fix_of(finding)
                seen.add(found)
                if found[1:] not in claims(found[0]):
                    unknown[found] = program
    assert not unknown
    assert len(seen) > 5
