"""What a row is, and the pieces of code that rows are made from."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent, indent
from typing import Any, Literal

from tflint_slice.model import Finding

PLAIN = "v = tf.Variable(tf.zeros([5]))"
UINT8 = "v = tf.Variable(tf.zeros([5], tf.uint8))"
INTS = "v = tf.Variable(tf.zeros([5], tf.int32))"
BOOLS = "v = tf.Variable([True, False])"
MATRIX = "v = tf.Variable(tf.zeros([3, 4]))"
ANY_RANK = "v = tf.Variable(tf.cast(input(), tf.float32))"
ANY_DTYPE = "v = tf.Variable(float(input()))"
COMPILED = "@tf.function(jit_compile=True)\ndef g():\n    pass\n\n" + PLAIN
GRAPH = "tf.compat.v1.disable_eager_execution()\n" + PLAIN
MIRRORED = "strategy = tf.distribute.MirroredStrategy()\n" + PLAIN
DYNAMIC = PLAIN + "\nglobals().update(v=input())"
KERAS = "import keras\n\nv = keras.Variable(tf.zeros([5]), dtype='float32')"
MIXED = KERAS + "\nkeras.config.set_dtype_policy('mixed_float16')"
EITHER = KERAS.replace("\nv = ", "\nk = ") + "\nv = tf.Variable(tf.zeros([5])) if input() else k"
SCATTER = "v.assign(tf.tensor_scatter_nd_update(v, {}, {}))"


@dataclass(frozen=True)
class Row:
    """One row of a table, and a program whose one finding of the rule is an instance of it."""

    code: str
    reason: str
    fix: str
    program: str
    imported: bool = False
    style: Literal["in-place", "functional"] | None = None


def trip(*changes: str) -> str:
    """A round trip with these changes of the copy."""
    return "\n".join(["a = v.numpy()", *changes, "v.assign(a)"])


def handled(body: str) -> str:
    """The same under a handler."""
    return f"try:\n{indent(body, '    ')}\nexcept IndexError:\n    pass"


def row(
    code: str,
    reason: str,
    fix: str,
    body: str,
    *,
    given: str = PLAIN,
    params: str = "",
    **rest: Any,
) -> Row:
    """``body`` is the body of a function with these parameters, ``given`` stands before it."""
    program = f"{given}\n\n\ndef f({params}):\n{indent(dedent(body), '    ')}\n"
    return Row(code, reason, fix, program, **rest)


TENSOR = "t = tf.zeros([5])"


def tensor_trip(*changes: str, made: str = TENSOR[4:]) -> str:
    """The same of a tensor, which is made before."""
    return "\n".join([f"t = {made}", "a = t.numpy()", *changes, "t = tf.constant(a)"])


KSCATTER = "v.scatter_nd_update({}, {})"
DELTA = "v.assign_add(tf.scatter_nd({}, {}, v.shape))"
OLD = "tf.compat.v1.scatter_nd_update(v, {}, {})"
SCATTERED = "tf.tensor_scatter_nd_update(v, {}, {})"
BOUND = "self.v = tf.tensor_scatter_nd_update(self.v, {}, {})"


def held(body: str, made: str = "tf.Variable(tf.zeros([5]))", base: str = "tf.Module") -> str:
    """A class of which one method makes a variable and the other one has this body."""
    return (
        f"class Holder({base}):\n    def build(self, c):\n        self.v = {made}\n\n"
        f"    def call(self, i):\n{indent(body, '        ')}\n"
    )


def fix_of(finding: Finding) -> str:
    if finding.declined:
        return "declined"
    return "none" if finding.fix is None else finding.fix.applicability.value
