"""Programs that were once fixed wrongly, by kind of mistake: what must come of them now.

Most get no safe fix, since the missing fact cannot be seen; some are no variables at all; and
some were to be written in another way. One row stands for a whole family of programs.
"""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability

NEVER_SAFE = [
    pytest.param(
        "import tensorflow as tf\nv = tf.Variable([1., 2., 3.])\nv[:, :] = [1., 1., 1.]\n",
        id="too-many-full-slices",
    ),
    pytest.param(
        "import tensorflow as tf\nv = tf.Variable([1., 2., 3.])\nv[0, :] = 1.5\n",
        id="point-with-a-slice-too-many",
    ),
    pytest.param(
        "import tensorflow as tf\nv = tf.Variable([1., 2., 3.])\nv[[0, 2], :] = [4., 5.]\n",
        id="list-with-a-slice-too-many",
    ),
    pytest.param(
        "import tensorflow as tf\nv = tf.Variable([1., 2., 3.])\nv[..., ...] = [4., 5., 6.]\n",
        id="two-ellipses",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([[1., 2.], [3., 4.], [5., 6.]])\n"
        "v[0, ..., ...] = [4., 5.]\n",
        id="point-and-two-ellipses",
    ),
    pytest.param(
        "import tensorflow as tf\nv = tf.Variable(1.)\na = v.numpy()\na[...] = 2.\nv.assign(a)\n",
        id="copy-of-rank-0-is-a-number",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "def f(x):\n"
        "    v = tf.Variable(tf.cast(x, tf.float32))\n"
        "    a = v.numpy()\n"
        "    a[()] = 2.\n"
        "    v.assign(a)\n"
        "    return v\n"
        "r = f(1.)\n",
        id="copy-of-unknown-rank",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "def f(x):\n"
        "    v = tf.Variable(tf.cast(x, tf.float32))\n"
        "    a = v.numpy()\n"
        "    a[a > 0.] = 9.\n"
        "    v.assign(a)\n"
        "    return v\n"
        "r = f(3.)\n",
        id="mask-of-a-copy-of-unknown-rank",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable(tf.random.stateless_uniform([2, 4], [1, 2]))\n"
        "v[0:2] *= [0.1, 0.7, 0.3, 0.9]\n",
        id="list-is-float64-in-numpy-arithmetic",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable(tf.random.stateless_uniform([2, 4], [1, 2]))\n"
        "a = v.numpy()\n"
        "a[:, 1:] /= [0.7, 0.3, 0.9]\n"
        "v.assign(a)\n",
        id="list-divides-a-copy",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable(tf.random.stateless_uniform([64, 8], [1, 2]))\n"
        "for i in range(64):\n"
        "    v[i] += [0.1, 0.7, 0.3, 0.9, 1.1, 1.3, 1.7, 0.01]\n",
        id="list-added-to-a-row",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "def f(t: float):\n"
        "    v = tf.Variable([1.1, 0.7])\n"
        "    a = v.numpy()\n"
        "    a[0:2] *= t\n"
        "    v.assign(a)\n"
        "    return v\n"
        "r = f(np.float64(0.1))\n",
        id="float-annotation-may-be-a-float64",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "def f(s: float):\n"
        "    v = tf.Variable(tf.random.stateless_uniform([64], [1, 2]))\n"
        "    t = 1.0 - s\n"
        "    a = v.numpy()\n"
        "    a[0:64] *= t\n"
        "    v.assign(a)\n"
        "    return v\n"
        "r = f(np.float64(0.3))\n",
        id="arithmetic-on-an-annotated-float",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.], dtype=tf.float32)\n"
        "v[0] += 10**400\n",
        id="int-too-large-for-any-float",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.], dtype=tf.float32)\n"
        "v[v > 1.] = 2**70\n",
        id="int-too-large-for-a-constant",
    ),
    pytest.param(
        "import tensorflow as tf\nv = tf.Variable([1, 2, 3], dtype=tf.int64)\nv[0] += 2**63\n",
        id="int-out-of-dtype-added",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1, 2, 3], dtype=tf.int32)\n"
        "a = v.numpy()\n"
        "a[a > 0.5] = 0\n"
        "v.assign(a)\n",
        id="float-compared-with-ints",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1, 200], dtype=tf.uint8)\n"
        "t = 44\n"
        "for t in [300]:\n"
        "    pass\n"
        "a = v.numpy()\n"
        "a[a > 300] = 0\n"
        "v.assign(a)\n",
        id="comparison-of-a-copy-out-of-dtype",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "x = np.array([5.], np.float32)\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "a = v.numpy()\n"
        "a[0:1] = x\n"
        "y = np.add(x, 1., out=x)\n"
        "v.assign(a)\n",
        id="out-argument-writes-the-value",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "x = np.array([5., 1., 3.], np.float32)\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "a = v.numpy()\n"
        "a[0:3] = x\n"
        "y = np.sqrt(x, x)\n"
        "v.assign(a)\n",
        id="second-argument-writes-the-value",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "x = np.array([5., 1., 3.], np.float32)\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "a = v.numpy()\n"
        "a[0:3] = x\n"
        "y = np.median(x, overwrite_input=True)\n"
        "v.assign(a)\n",
        id="overwrite-input-writes-the-value",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "def gen():\n"
        "    v.assign_add([10., 10., 10.])\n"
        "    yield 1\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "g = gen()\n"
        "a = v.numpy()\n"
        "y = list(g)\n"
        "a[0] = 7.\n"
        "v.assign(a)\n",
        id="generator-consumed-in-between",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "class O:\n"
        "    @property\n"
        "    def tick(self):\n"
        "        v.assign_add([10., 10., 10.])\n"
        "        return 1.\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "o = O()\n"
        "a = v.numpy()\n"
        "y = o.tick\n"
        "a[0] = 7.\n"
        "v.assign(a)\n",
        id="property-read-in-between",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "class O:\n"
        "    def __add__(self, x):\n"
        "        v.assign_add([10., 10., 10.])\n"
        "        return 1.\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "o = O()\n"
        "a = v.numpy()\n"
        "y = o + 1\n"
        "a[0] = 7.\n"
        "v.assign(a)\n",
        id="operator-of-a-class-in-between",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "class O:\n"
        "    def __getitem__(self, x):\n"
        "        v.assign_add([10., 10., 10.])\n"
        "        return 1.\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "o = O()\n"
        "a = v.numpy()\n"
        "y = o[1]\n"
        "a[0] = 7.\n"
        "v.assign(a)\n",
        id="item-of-an-instance-in-between",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "class O:\n"
        "    def __len__(self):\n"
        "        v.assign_add([10., 10., 10.])\n"
        "        return 1\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "o = O()\n"
        "a = v.numpy()\n"
        "y = len(o)\n"
        "a[0] = 7.\n"
        "v.assign(a)\n",
        id="len-of-an-instance-in-between",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "def key(x):\n"
        "    v.assign_add([10., 10., 10.])\n"
        "    return x\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "a = v.numpy()\n"
        "y = max([1, 2], key=key)\n"
        "a[0] = 7.\n"
        "v.assign(a)\n",
        id="key-function-of-max",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "a = v.numpy()\n"
        "a[0] = (i := 1.)\n"
        "v.assign(a)\n",
        id="walrus-as-a-value",
    ),
    pytest.param(
        "import tensorflow as tf\nv = tf.Variable([1., 2., 3.])\nv[0:2] = (i := 1.)\n",
        id="walrus-into-a-slice",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "def f():\n"
        "    v = tf.Variable([1., 2.])\n"
        "    v[0] = yield 1.\n"
        "    v[0:1] = yield\n"
        "    v[0] += yield\n"
        "    return\n"
        "list(f.__code__.co_names)\n",
        id="yield-as-a-value",
    ),
    pytest.param(
        "import tensorflow as tf\nv = tf.Variable([1., 2., 3.])\nq = [1.]\nv[0:2] = *q, 2.\n",
        id="starred-value",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.], dtype=tf.float64)\n"
        "@tf.function\n"
        "def k():\n"
        "    return 0.5\n"
        "x = k()\n"
        "v[0:2] = x\n"
        "v[0] = x\n",
        id="tf-function-returns-a-float32",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.], dtype=tf.float64)\n"
        "@tf.function\n"
        "def f(t):\n"
        "    if t > 0:\n"
        "        x = 0.5\n"
        "    else:\n"
        "        x = 0.25\n"
        "    v[0:2] = x\n"
        "f(tf.constant(1))\n",
        id="autograph-branch-makes-a-float-tensor",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.], dtype=tf.float64)\n"
        "@tf.function(input_signature=[tf.TensorSpec([], tf.float32)])\n"
        "def f(x: float):\n"
        "    v[0:1] = x\n"
        "f(.1)\n",
        id="input-signature-makes-tensors",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "@tf.function(reduce_retracing=True)\n"
        "def f(i: int):\n"
        "    v[0:2] = i\n"
        "f(1)\n"
        "f(2)\n"
        "f(3)\n",
        id="reduced-retracing-makes-tensors",
    ),
    pytest.param(
        '"""doc"""; from keras import Variable\n'
        'k = Variable([1., 2., 3.], dtype="float32")\n'
        "k[0] = 5.\n"
        "r = __doc__\n",
        id="docstring-and-import-on-one-line",
    ),
    pytest.param(
        "from __future__ import annotations; from keras import Variable\n"
        'k = Variable([1., 2., 3.], dtype="float32")\n'
        "k[0] = 5.\n",
        id="future-and-import-on-one-line",
    ),
    pytest.param(
        "from keras import Variable\n"
        'k = Variable([1., 2., 3.], dtype="float32")\n'
        "k[0] = 5.\n"
        "import tensorflow as tf\n",
        id="tensorflow-imported-too-late",
    ),
    pytest.param(
        "from typing import TYPE_CHECKING\n"
        "from keras import Variable\n"
        "if TYPE_CHECKING:\n"
        "    import tensorflow as tf\n"
        'k = Variable([1., 2., 3.], dtype="float32")\n'
        "k[0] = 5.\n",
        id="tensorflow-imported-for-types-only",
    ),
    pytest.param(
        "from keras import Variable\n"
        "from prog_s import *\n"
        'k = Variable([1., 2., 3.], dtype="float32")\n'
        "k[0] = 5.\n",
        id="star-import-may-bind-tf",
    ),
    pytest.param(
        "from keras import Variable\n"
        "import tensorflow as tf\n"
        "class K:\n"
        "    tf = 3\n"
        '    k = Variable([1., 2., 3.], dtype="float32")\n'
        "    k[0] = 5.\n"
        "r = K.k\n",
        id="class-scope-binds-tf",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "v[  # note\n"
        "  0:2] = [  # note\n"
        "  1.0, 2.0]\n",
        id="two-equal-comments-one-lost",
    ),
    pytest.param(
        'import tensorflow as tf\nv = tf.Variable([1., 2., 3.])\nv[  #\n 0:2] = len("#")\n',
        id="comment-that-a-string-looks-like",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "a = v.numpy()  # 5\n"
        "a[0:2] = [  # 5\n"
        "  5., 6.]\n"
        "v.assign(a)\n",
        id="equal-comments-one-deleted",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "größe = tf.Variable([1., 2.])\n"
        "a = größe.numpy()  \n"
        "a[0] = 5.\n"
        "a[0] *= 2.\n"
        "a[-1] = 3.\n"
        "größe.assign(a)  # ü\n",
        id="letters-outside-of-ascii",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "a = v.numpy()\n"
        "a[0] = 5.; a[1] = 6.\n"
        "v.assign(a)\n",
        id="two-stores-on-a-line",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "for i in range(3): a = v.numpy(); a[i] = 1.; v.assign(a)\n",
        id="round-trip-on-one-line",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "w = tf.Variable([7., 8.])\n"
        "a = v.numpy()\n"
        "a[0] = w[1]\n"
        "a[1] = np.float64(0.1)\n"
        "a[2] = 0.1\n"
        "v.assign(a)\n",
        id="values-of-several-dtypes",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([[1., 2.], [3., 4.]])\n"
        "a = v.numpy()\n"
        "a[max(True, False)] = 9.\n"
        "v.assign(a)\n",
        id="bool-as-an-index",
    ),
]


@pytest.mark.parametrize("text", NEVER_SAFE)
def test_finding_without_a_safe_fix(look: Look, text: str) -> None:
    findings = look(text)
    assert findings != []
    assert fixed(text, findings, Applicability.SAFE) == text


NO_VARIABLES = [
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "def f():\n"
        "    v = np.zeros(3)\n"
        "    def g():\n"
        "        nonlocal v\n"
        "        v[0] = 1.\n"
        "    g()\n"
        "    return v\n"
        "r = f()\n",
        id="nonlocal-rebinds",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "[v := np.zeros(3) for _ in range(1)]\n"
        "v[0] = 1.\n",
        id="walrus-in-a-comprehension-rebinds",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "import contextlib\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "with contextlib.suppress(ZeroDivisionError):\n"
        "    v = np.zeros(3)\n"
        "    1 / 0\n"
        "    v = tf.Variable([1., 2.])\n"
        "v[0] = 1.\n",
        id="suppressed-exception-skips-the-rebinding",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import prog_h\n"
        "vs = [tf.Variable([1., 2.])]\n"
        "prog_h.fill(vs)\n"
        "vs[0][-1] = 9.\n",
        id="function-of-another-file-changes-a-list",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "vs = [tf.Variable([1., 2.])]\n"
        "push = vs.append\n"
        "push(np.zeros(3))\n"
        "vs[-1][0] = 9.\n",
        id="bound-method-of-a-list",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "class K:\n"
        "    def __init__(self):\n"
        "        vs = [tf.Variable([1., 2.])]\n"
        "        self.vs = vs\n"
        "        vs.append(np.zeros(3))\n"
        "    def f(self):\n"
        "        self.vs[-1][0] = 9.\n"
        "k = K()\n"
        "k.f()\n",
        id="list-known-under-an-attribute",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "class K:\n"
        "    v = tf.Variable([1., 2., 3.])\n"
        "    def f(self):\n"
        "        self.v[0] = 1.\n"
        "K.v = np.zeros(3)\n"
        "k = K()\n"
        "k.f()\n",
        id="class-attribute-replaced",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "class A:\n"
        "    def make(self):\n"
        "        return tf.Variable([1., 2., 3.])\n"
        "    def f(self):\n"
        "        v = self.make()\n"
        "        v[0] = 1.\n"
        "        return v\n"
        "class B(A):\n"
        "    def make(self):\n"
        "        return np.zeros(3)\n"
        "r = B().f()\n",
        id="overridden-method-makes-another-kind",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "import dataclasses, typing\n"
        "@dataclasses.dataclass\n"
        "class K:\n"
        "    v: typing.Any = tf.Variable([1., 2., 3.])\n"
        "    def f(self):\n"
        "        self.v[0] = 1.\n"
        "k = K(np.zeros(3))\n"
        "k.f()\n",
        id="default-of-a-dataclass-field",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "class O:\n"
        "    def __init__(self):\n"
        "        self.v = np.zeros(3)\n"
        "def deco(cls):\n"
        "    return O\n"
        "@deco\n"
        "class K:\n"
        "    def __init__(self):\n"
        "        self.v = tf.Variable([1., 2., 3.])\n"
        "k = K()\n"
        "k.v[0] = 1.\n",
        id="decorated-class-is-another",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "import numpy as np\n"
        "v0 = v1 = v2 = v3 = v4 = v5 = v6 = v7 = v8 = tf.Variable([1., 2., 3.])\n"
        "for k in range(9):\n"
        "    if k == 8:\n"
        "        v0[0] = 1.\n"
        "    v0 = v1\n"
        "    v1 = v2\n"
        "    v2 = v3\n"
        "    v3 = v4\n"
        "    v4 = v5\n"
        "    v5 = v6\n"
        "    v6 = v7\n"
        "    v7 = np.zeros(3)\n",
        id="loop-passes-a-value-along-eight-names",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "@tf.function\n"
        "def get():\n"
        "    return v\n"
        "w = get()\n"
        "w[0] = 1.\n",
        id="tf-function-returns-a-tensor",
    ),
]


@pytest.mark.parametrize("text", NO_VARIABLES)
def test_no_finding(look: Look, text: str) -> None:
    assert look(text) == []


RIGHT_NOW = [
    pytest.param(
        "import tensorflow as tf\nv = tf.Variable([[1., 2.], [3., 4.], [5., 6.]])\nv[0] = 7., 8.\n",
        "import tensorflow as tf\n"
        "v = tf.Variable([[1., 2.], [3., 4.], [5., 6.]])\n"
        "v.scatter_nd_update([[0]], [(7., 8.)])\n",
        id="bare-tuple-as-a-row",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([[1., 2.], [3., 4.], [5., 6.]])\n"
        "a = v.numpy()\n"
        "a[0] = 7., 8.\n"
        "v.assign(a)\n",
        "import tensorflow as tf\n"
        "v = tf.Variable([[1., 2.], [3., 4.], [5., 6.]])\n"
        "v.scatter_nd_update([[0]], [(7., 8.)])\n",
        id="bare-tuple-as-a-row-of-a-round-trip",
    ),
    pytest.param(
        "import tensorflow as tf\nv = tf.Variable([1., 2., 3.])\nv[0:2] = 1., 2.\n",
        "import tensorflow as tf\nv = tf.Variable([1., 2., 3.])\nv[0:2].assign((1., 2.))\n",
        id="bare-tuple-into-a-slice",
    ),
    pytest.param(
        "import tensorflow as tf\nv = tf.Variable([1., 2., 3.])\nv[[0, 2]] = 7., 8.\n",
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "v.scatter_nd_update([[0], [2]], (7., 8.))\n",
        id="bare-tuple-under-a-list",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([[1., 2.], [3., 4.]])\n"
        "a = v.numpy()\n"
        "a[0] = 5., 6.\n"
        "a[0, 1] = 8.\n"
        "v.assign(a)\n",
        "import tensorflow as tf\n"
        "v = tf.Variable([[1., 2.], [3., 4.]])\n"
        "a = tf.tensor_scatter_nd_update(v, [[0]], [(5., 6.)])\n"
        "a = tf.tensor_scatter_nd_update(a, [[0, 1]], [8.])\n"
        "v.assign(a)\n",
        id="bare-tuple-in-a-chain",
    ),
    pytest.param(
        "@(lambda c: c)\n"
        "class K:\n"
        "    from keras import Variable\n"
        '    k = Variable([1., 2., 3.], dtype="float32")\n'
        "    k[0] = 5.\n"
        "r = K.k\n",
        "import tensorflow as tf\n"
        "@(lambda c: c)\n"
        "class K:\n"
        "    from keras import Variable\n"
        '    k = Variable([1., 2., 3.], dtype="float32")\n'
        "    k.assign(tf.tensor_scatter_nd_update(k, [[0]], [5.]))\n"
        "r = K.k\n",
        id="import-before-a-decorated-class",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "a = v.numpy()\n"
        "a[0] = [  # one\n"
        " 5.][0]\n"
        "v.assign(a)\n",
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "v.scatter_nd_update([[0]], [[  # one\n"
        " 5.][0]])\n",
        id="comment-inside-of-a-deleted-statement",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.], dtype=tf.float32)\n"
        "a = v.numpy()\n"
        "a[v > 0.1] = 0\n"
        "v.assign(a)\n",
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.], dtype=tf.float32)\n"
        "v.assign(tf.where(v > 0.1, tf.constant(0, v.dtype), v))\n",
        id="mask-of-the-variable-itself",
    ),
    pytest.param(
        "import tensorflow as tf\r"
        "import numpy as np\r"
        "v = tf.Variable([1., 2., 3.])\r"
        "a = v.numpy()\r"
        "a[0] = 5.0\r"
        "a[0] += (5.0\r"
        "  + 1.)\r"
        "v.assign(a)\r"
        "x = 1\r",
        "import tensorflow as tf\r"
        "import numpy as np\r"
        "v = tf.Variable([1., 2., 3.])\r"
        "a = tf.tensor_scatter_nd_update(v, [[0]], [5.0])\r"
        "a = tf.tensor_scatter_nd_add(a, [[0]], [5.0\r"
        "  + 1.])\r"
        "v.assign(a)\r"
        "x = 1\r",
        id="carriage-returns-alone",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1, 2, 3], dtype=tf.int8)\n"
        "a = v.numpy()\n"
        "a[-1] = 100\n"
        "a[-1] += 100\n"
        "a[2] -= 3\n"
        "v.assign(a)\n",
        "import tensorflow as tf\n"
        "v = tf.Variable([1, 2, 3], dtype=tf.int8)\n"
        "a = tf.tensor_scatter_nd_update(v, [[2]], [100])\n"
        "a = tf.tensor_scatter_nd_add(a, [[2]], [100])\n"
        "a = tf.tensor_scatter_nd_sub(a, [[2]], [3])\n"
        "v.assign(a)\n",
        id="int8-that-wraps",
    ),
    pytest.param(
        "import tensorflow as tf\n"
        "v = tf.Variable([1., 2., 3.])\n"
        "a = v.numpy()\n"
        "a[0:2] = [v[1], v[0]]\n"
        "v.assign(a)\n",
        "import tensorflow as tf\nv = tf.Variable([1., 2., 3.])\nv[0:2].assign([v[1], v[0]])\n",
        id="list-of-tensors",
    ),
]


@pytest.mark.parametrize(("before", "after"), RIGHT_NOW)
def test_fixed_rightly(look: Look, before: str, after: str) -> None:
    assert fixed(before, look(before), Applicability.SAFE) == after
