"""Programs drawn from the idioms: receivers, indices, values, nesting, comments, at random.

Most of them run; what they do is printed or left in variables at module level, so that a program
and what was made of it can be compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import indent

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

SHAPES = ((3,), (1,), (4, 2), (3, 3), (2, 3, 2))
DTYPES = ("float32", "int32", "float64", "int64", "uint8")


@dataclass(frozen=True)
class Receiver:
    """What stands before the statements, and the expression that is written to."""

    given: str
    text: str
    shape: tuple[int, ...]
    dtype: str


@st.composite
def receivers(draw: DrawFn) -> Receiver:
    shape, dtype = draw(st.sampled_from(SHAPES)), draw(st.sampled_from(DTYPES))
    size = 1
    for length in shape:
        size *= length
    made = f"tf.reshape(tf.cast(tf.range(1, {size + 1}), tf.{dtype}), {list(shape)})"
    if draw(st.booleans()):
        made = f"tf.zeros({list(shape)}, tf.{dtype})"
    variable = f"tf.Variable({made})"
    given, text = draw(
        st.sampled_from(
            [
                (f"v = {variable}", "v"),
                (f"v = {variable}\nw = v", "w"),
                (f"v = {variable}\ntables = {{'a': v}}", "tables['a']"),
                (f"v = {variable}\nrows = [v, tf.Variable(0.0)]", "rows[0]"),
                (
                    "class Holder(tf.Module):\n    def __init__(self):\n"
                    f"        self.v = {variable}\nholder = Holder()\nv = holder.v",
                    "holder.v",
                ),
                (f"import keras\nv = keras.Variable({made}, dtype='{dtype}')", "v"),
                (f"v = tf.Variable({made}, name='v')\nt = {made}", "v"),
            ]
        )
    )
    return Receiver(given, text, shape, dtype)


def numbers(dtype: str) -> st.SearchStrategy[str]:
    # No -0.0: TensorFlow keeps tensors of Python numbers by value, so that once it has made one of
    # -0.0 it gives that for 0.0 as well, whichever program asks.
    if dtype.startswith("float"):
        return st.sampled_from(["9.0", "-1.5", "0.1", "float('nan')", "7", "1e30"])
    return st.sampled_from(["9", "0", "3", "250", "True", "2.0"])


@st.composite
def indices(draw: DrawFn, length: int) -> str:
    place = draw(st.integers(-length - 1, length))
    return draw(
        st.sampled_from(
            [
                str(place),
                str(max(place, 0) % length),
                "i",
                "k",
                f"np.int64({place % length})",
                f"tf.constant({place % length})",
                f"{min(place, 0)}:{length}",
                f"{max(place, 0)}:",
                "::2",
                "::-1",
                f":{place}",
                "...",
                f"[{place % length}, 0]",
                f"np.array([{place % length}])",
                f"[{place % length}]",
            ]
        )
    )


@st.composite
def places(draw: DrawFn, receiver: Receiver) -> str:
    """What stands between the brackets."""
    depth = draw(st.integers(1, len(receiver.shape)))
    parts = [draw(indices(length)) for length in receiver.shape[:depth]]
    mask = f"{receiver.text} > 2" if receiver.dtype != "uint8" else f"{receiver.text} > 200"
    return mask if draw(st.integers(0, 9)) == 0 else ", ".join(parts)


@st.composite
def values(draw: DrawFn, receiver: Receiver) -> str:
    number = draw(numbers(receiver.dtype))
    row = list(receiver.shape[1:])
    return draw(
        st.sampled_from(
            [
                number,
                number,
                f"tf.constant({number}, tf.{receiver.dtype})" if "." not in number else number,
                f"tf.ones({row}, tf.{receiver.dtype})",
                f"np.full({row}, 4, '{receiver.dtype}')",
                f"[{number}] * {row[-1] if row else 1}",
                f"{receiver.text}[0]",
                f"{receiver.text}[-1] * 2",
                "said(5)",
                "k",
            ]
        )
    )


@st.composite
def statements(draw: DrawFn, receiver: Receiver) -> str:
    """One update in one of the ways that people write it."""
    v, i, x = receiver.text, draw(places(receiver)), draw(values(receiver))
    n, p = receiver.shape[0], draw(st.integers(0, receiver.shape[0]))
    op = draw(st.sampled_from(["+", "-", "*"]))
    scatter = draw(st.sampled_from(["update", "add", "sub", "max", "min"]))
    row = f"tf.ones([1, *{list(receiver.shape[1:])}], tf.{receiver.dtype})"
    call = f"tf.tensor_scatter_nd_{scatter}({v}, [[{p}]], {row})"
    return draw(
        st.sampled_from(
            [
                f"{v}[{i}] = {x}",
                f"{v}[{i}] {op}= {x}",
                f"{v}[{i}].assign({x})",
                f"a = {v}.numpy()\na[{i}] = {x}\n{v}.assign(a)",
                f"a = np.array({v})\na[{i}] {op}= {x}\na[0] = {x}\n{v}.assign(a)",
                f"{v}.assign({call})",
                f"changed = {call}\n{v}.assign(changed)",
                f"{v}.assign_add(tf.scatter_nd([[{p}]], {row}, {v}.shape))",
                f"{v}.assign(tf.concat([{v}[:{p}], {row}, {v}[{p} + 1:]], 0))",
                f"{v}.assign(tf.concat([{v}[1:], {row}], 0))",
                f"{v}.assign(tf.where(tf.range({n}) == {p}, {x}, {v}))",
                f"{v}.assign(tf.where({v} > 1, {x}, {v}))",
                f"rows_ = tf.unstack({v})\nrows_[{p}] = {x}\n{v}.assign(tf.stack(rows_))",
                f"for j in range({p}):\n    {v}[j].assign({x})",
                f"for j in range({n}):\n    {v}.scatter_nd_update([[j]], {row})",
                f"for j, y in enumerate({v}.numpy()):\n    {v}[j].assign(y)",
                f"t = {v} + 0\nt = tf.concat([t[:{p}], {row}, t[{p} + 1:]], 0)\nprint(t.numpy())",
                f"t = tf.identity({v})\nb = t.numpy()\nb[{i}] = {x}\nt = tf.constant(b)\n"
                "print(t.numpy())",
                f"{v}.scatter_nd_update([[{p}]], {row})",
                f"print({v}.numpy().sum())",
            ]
        )
    )


@st.composite
def blocks(draw: DrawFn, receiver: Receiver) -> str:
    """A statement as it stands, or within another one."""
    text = draw(statements(receiver))
    inner = indent(text, "    ")
    first, _, rest = text.partition("\n")
    return draw(
        st.sampled_from(
            [
                text,
                text,
                f"{first}  # é\n{rest}",
                f"if len(heard) < 2:\n{inner}\nelse:\n    pass",
                f"for i in range(2):\n{inner}",
                f"for k in (0, 1):\n{inner}\n    continue",
                f"try:\n{inner}\nexcept Exception as error:\n    print(type(error).__name__)",
                f"with tf.name_scope('a'):\n{inner}",
                f"def change(i, k: int):\n{inner}\nchange(0, 1)",
                f"while True:\n{inner}\n    break",
                text.replace("(", "(\n    # inside\n    ", 1) if "\n" not in text else text,
                text.replace("\n", "; ") if ":\n" not in text else text,
            ]
        )
    )


def head(receiver: Receiver) -> str:
    """What stands before the blocks."""
    return (
        "import numpy as np\nimport tensorflow as tf\n\n\n"
        "heard = []\n\n\ndef said(number):\n    heard.append(number)\n    return number\n\n\n"
        f"{receiver.given}\ni = 1\nk = 0\n"
    )


@st.composite
def bodies(draw: DrawFn, receiver: Receiver, *, tensors: bool = True) -> str:
    chosen = blocks(receiver).filter(lambda block: tensors or not re.search(r"\bt = ", block))
    body = "\n".join(draw(st.lists(chosen, min_size=1, max_size=4)))
    return f"{body}\nprint(heard)\n"


@st.composite
def programs(draw: DrawFn) -> str:
    receiver = draw(receivers())
    return head(receiver) + draw(bodies(receiver))


LIBRARIES = "import numpy as np\nimport tensorflow as tf\n"


@st.composite
def projects(draw: DrawFn) -> dict[str, str]:
    """Files by their names: some make what others change, or have nothing to do with it."""
    # What is in a list or a dict is not known to other files.
    receiver = draw(receivers().filter(lambda receiver: "[" not in receiver.text))
    names = ", ".join(re.findall(r"^(\w+) = ", head(receiver), re.MULTILINE))
    imports = st.sampled_from(
        [
            "from made import *\n",
            f"{LIBRARIES}from made import *\n",
            f"{LIBRARIES}from made import {names}, said\n",
            f"{LIBRARIES}from again import {names}, said\n",
            "from again import *\n",
        ]
    )
    others = st.sampled_from(
        [
            "x = [1]\nx[0] = 2\n",
            "import tensorflow as tf\nstrategy = tf.distribute.MirroredStrategy()\n",
            "from made import *\nv = [1]\nv[0] = 2\n",
            "import made\nmade.v = None\n",
        ]
    )
    return {
        "made.py": head(receiver),
        "again.py": "from made import *\n",
        # The screens do not follow tensors that are computed from what other files make.
        "used.py": draw(imports) + draw(bodies(receiver, tensors=False)),
        "also.py": draw(imports) + draw(bodies(receiver, tensors=False)),
        "lists.py": f"{draw(st.sampled_from(['', LIBRARIES]))}v = w = [1, 2]\n"
        + draw(bodies(receiver)),
        "alone.py": draw(programs()),
        "one.py": f"{head(receiver)}{draw(statements(receiver))}\n",
        "two.py": f"{head(receiver)}{draw(statements(receiver))}\n",
        "other.py": draw(others),
    }
