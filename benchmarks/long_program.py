"""A program of any length with any number of findings, all of them with a safe fix."""

from __future__ import annotations

HEAD = '''"""Made by benchmarks/long_program.py."""

import numpy as np
import tensorflow as tf

table = tf.Variable(tf.zeros([1000, 8]))
weights = tf.Variable(tf.random.normal([8, 8]))
'''

FINDING = "    table.assign(tf.tensor_scatter_nd_update(table, [[{row}]], [tf.ones([8])]))\n"

# What stands around the findings: what such code is made of, and nothing that has to be found.
BODY = '''

def step_{number}(inputs, labels, rate=0.1, momentum=0.9):
    """One step of training, number {number}."""
    batch = tf.shape(inputs)[0]
    hidden = tf.nn.relu(tf.matmul(inputs, weights))
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=hidden)
    total = tf.reduce_sum(losses) / tf.cast(batch, tf.float32)
    scale = 1.0 / (1.0 + np.exp(-rate))
    if momentum > 0.5 and scale < 2.0:
        total = total * momentum + (1.0 - momentum) * scale
    else:
        total = total * scale
    shares = [share / {divisor} for share in range({divisor}) if share % 2]
    names = {{"step": {number}, "rate": rate, "shares": sum(shares)}}
    for name, value in sorted(names.items()):
        print(f"{{name}}: {{value:.3f}}", end=" ")
    return total
'''


def long_program(lines: int, findings: int) -> str:
    """``lines`` lines with ``findings`` findings, evenly spread."""
    parts = [HEAD]
    left = lines - HEAD.count("\n")
    for number in range(findings):
        share = left // (findings - number)
        body = BODY.format(number=number, divisor=number % 7 + 2)
        head, last = body.rsplit("    return", 1)
        rest = share - body.count("\n") - 1
        if rest < 0:
            raise ValueError(f"{lines} lines are too few for {findings} findings")
        parts += [head, FINDING.format(row=number % 1000), _filling(rest), "    return", last]
        left -= share
    return "".join(parts)


def _filling(lines: int) -> str:
    """Statements and comments of so many lines."""
    kinds = (
        "    hidden = tf.concat([hidden, tf.zeros([batch, 8])], axis=0)[:batch]\n",
        "    total = tf.where(total > scale, total, scale) if rate else total\n",
        "    # The next one is here for its length, like its neighbours.\n",
        "    shares = sorted(shares, key=lambda share: -share)\n",
        '    names["total"] = float(len(names)) * rate\n',
        "\n",
    )
    return "".join(kinds[line % len(kinds)] for line in range(lines))
