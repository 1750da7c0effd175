"""Names that mean something else than they seem to: what inference once took for granted.

Each program looks as if it had a safe fix, and one name in it, of a variable, an index, a list or
a temporary, holds something else by the time the change is made.
"""

from __future__ import annotations

import pytest
from idioms.conftest import Look, fixed

from tflint_slice.model import Applicability, Finding

# The rule named has nothing to report.
NO_FINDING = [
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        class Swallow:
            def __enter__(self): return self
            def __exit__(self, *a): return True
        def risky():
            raise RuntimeError("x")
        v = np.zeros(3, np.float32)
        with Swallow():
            risky()
            v = tf.Variable([0., 0., 0.])
        v[0] = 5.0
        """,
        id="rebound-where-an-exception-is-swallowed",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        any((v := w) is None for w in [np.zeros(3)])
        v[0] = 5.0
        """,
        id="walrus-in-a-generator-rebinds",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        def f():
            global v
            if (v := np.zeros(3)) is not None:
                pass
        f()
        v[0] = 1.0
        """,
        id="walrus-of-a-global-rebinds",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        v = np.zeros(3)
        flag = len("") > 0
        class C:
            if flag:
                v = tf.Variable([0., 0., 0.])
            v[0] = 1.0
        """,
        id="class-body-binds-on-one-path-only",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        tables = {"a": tf.Variable([0., 0., 0.])}
        def swap():
            tables["a"] = np.zeros(3)
        swap()
        tables["a"][0] = 1.0
        """,
        id="function-replaces-an-item-of-a-dict",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        def outer():
            v = np.zeros(3)
            def inner():
                nonlocal v
                v[0] = 1.0
            inner()
            return v
        r = outer()
        """,
        id="nonlocal-is-not-the-name-of-the-module",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        class A:
            def make(self):
                return tf.Variable([0., 0., 0.])
            def go(self):
                v = self.make()
                v[0] = 1.0
                return v
        class B(A):
            def make(self):
                return np.zeros(3)
        r = B().go()
        """,
        id="factory-method-is-overridden",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        class A:
            def __init__(self):
                self.v = tf.Variable([0., 0., 0.])
            def put(self):
                self.v[0] = 1.0
        class C:
            def __init__(self):
                self.v = np.zeros(3)
        class B(A, C):
            def __init__(self):
                A.__init__(self)
                C.__init__(self)
        b = B()
        b.put()
        """,
        id="two-bases-store-one-attribute",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        class A:
            v = tf.Variable([0., 0., 0.])
            def put(self):
                self.v[0] = 1.0
        A.v = np.zeros(3)
        a = A()
        a.put()
        """,
        id="class-attribute-replaced-outside",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        class A:
            def __init__(self):
                self.v = tf.Variable([0., 0., 0.])
            def put(self):
                self.v[0] = 1.0
        a = A()
        setattr(a, "v", np.zeros(3))
        a.put()
        """,
        id="setattr-outside-the-class",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        class A:
            def __init__(self):
                self.v = tf.Variable([0., 0., 0.])
            def put(self):
                self.v[0] = 1.0
        a = A()
        a.__dict__["v"] = np.zeros(3)
        a.put()
        """,
        id="dunder-dict-outside-the-class",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        def as_numpy(cls):
            def make():
                x = cls()
                x.__dict__["v"] = np.zeros(3)
                return x
            return make
        @as_numpy
        class A:
            def __init__(self):
                self.v = tf.Variable([0., 0., 0.])
        a = A()
        a.v[0] = 1.0
        """,
        id="class-decorator-swaps-the-attribute",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        class Other:
            v = np.zeros(3)
        class A:
            v = tf.Variable([0., 0., 0.])
            def __new__(cls):
                return Other()
        a = A()
        a.v[0] = 1.0
        """,
        id="dunder-new-makes-another-object",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        class A:
            def __init__(self):
                self.v = tf.Variable([0., 0., 0.])
            def __getattribute__(self, name):
                x = object.__getattribute__(self, name)
                return np.zeros(3) if name == "v" else x
        a = A()
        a.v[0] = 1.0
        """,
        id="dunder-getattribute",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        import numpy as np
        def mk():
            return tf.Variable([0., 0., 0.])
        def a():
            global mk
            def mk():
                return np.zeros(3)
        a()
        v = mk()
        v[0] = 1.
        """,
        id="factory-defined-again-under-global",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        import numpy as np
        class Meta(type):
            def __call__(cls):
                o = super().__call__()
                o.__dict__["v"] = np.zeros(3)
                return o
        class A(metaclass=Meta):
            def __init__(self):
                self.v = tf.Variable([0., 0., 0.])
            def put(self):
                self.v[0] = 1.
        a = A()
        a.put()
        """,
        id="metaclass-swaps-the-attribute",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        import numpy as np
        class A:
            def make(self):
                return tf.Variable([0., 0., 0.])
            def go(self):
                v = self.make()
                v[0] = 1.
                return v
        A.make = lambda self: np.zeros(3)
        r = A().go()
        """,
        id="method-replaced-on-the-class",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        import numpy as np
        class A:
            def make(self):
                return tf.Variable([0., 0., 0.])
            def go(self):
                v = self.make()
                v[0] = 1.
                return v
        class B(A):
            make = staticmethod(lambda: np.zeros(3))
        r = B().go()
        """,
        id="method-overridden-by-a-class-attribute",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        import numpy as np
        def f(v: tf.Variable):
            if isinstance(v, np.ndarray):
                v[0] = 1.
            return v
        r = f(np.zeros(3))
        """,
        id="annotation-contradicted-by-isinstance",
    ),
    pytest.param(
        "TFS301",
        """
        import keras
        import tensorflow as tf
        v = tf.Variable([0., 0.])
        def outer():
            v = keras.Variable([1., 1.])
            def inner():
                nonlocal v
                v.assign(tf.tensor_scatter_nd_update(v, [[0]], [5.]))
            inner()
            return v
        r = outer().numpy()
        """,
        id="nonlocal-keras-variable",
    ),
    pytest.param(
        "TFS301",
        """
        import keras
        import tensorflow as tf
        d = {"a": tf.Variable([0., 0.]), "a": keras.Variable([1., 1.])}
        d["a"].assign(tf.tensor_scatter_nd_update(d["a"], [[0]], [5.]))
        r = d["a"].numpy()
        """,
        id="key-of-a-dict-given-twice",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        v.assign(tf.tensor_scatter_nd_update(v.value, [[0]], [5.]))
        """,
        id="value-method-not-called",
    ),
    pytest.param(
        "TFS107",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        v.scatter_nd_update([], [])
        """,
        id="empty-list-of-indices",
    ),
    pytest.param(
        "TFS107",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2., 3., 4., 5.])
        ix = [2, 4]
        def wrap():
            ix[:] = [[k] for k in ix]
        wrap()
        v.scatter_nd_update(ix, [45., 60.])
        """,
        id="indices-nested-by-a-function",
    ),
    pytest.param(
        "TFS107",
        """
        import numpy as np
        import tensorflow as tf
        v = tf.Variable([1., 2., 3., 4., 5.])
        ix = np.array([2, 4])
        ix.shape = (2, 1)
        v.scatter_nd_update(ix, [45., 60.])
        """,
        id="shape-of-the-indices-set",
    ),
    pytest.param(
        "TFS107",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2., 3., 4., 5.])
        ix = [2, 4]
        up = [45.]
        for l in (up, [0.]):
            l.append(60.)
        v.scatter_nd_update([[2], [4]], up)
        """,
        id="updates-grown-under-another-name",
    ),
    pytest.param(
        "TFS107",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2., 3., 4., 5.])
        class Sw:
            def __enter__(self): return 1
            def __exit__(self, *a): return True
        ix = [[2], [4]]
        with Sw():
            raise ValueError
            ix = [2, 4]
        v.scatter_nd_update(ix, [45., 60.])
        """,
        id="indices-rebound-where-an-exception-is-swallowed",
    ),
    pytest.param(
        "TFS107",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2., 3., 4., 5.])
        class V:
            def scatter_nd_update(self, i, u): self.x = (i, u)
        def outer():
            v = V()
            def inner():
                nonlocal v
                v.scatter_nd_update([2, 4], [45., 60.])
            inner()
        outer()
        """,
        id="nonlocal-is-no-variable",
    ),
    pytest.param(
        "TFS107",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2., 3., 4., 5.])
        ix = [2, 4]
        [(ix := [[2], [4]]) for _ in range(1)]
        v.scatter_nd_update(ix, [45., 60.])
        """,
        id="walrus-in-a-comprehension",
    ),
    pytest.param(
        "TFS107",
        """
        import tensorflow as tf
        class A:
            ix = [2, 4]
            def f(self, v):
                w = tf.Variable([1., 2., 3., 4., 5.])
                w.scatter_nd_update(self.ix, [45., 60.])
                return w
        A.ix = [[2], [4]]
        r = A().f(0)
        """,
        id="class-attribute-of-indices-replaced",
    ),
    pytest.param(
        "TFS107",
        """
        import tensorflow as tf
        class A:
            def ix(self): return [2, 4]
            def f(self):
                w = tf.Variable([1., 2., 3., 4., 5.])
                w.scatter_nd_update(self.ix(), [45., 60.])
                return w
        class B(A):
            def ix(self): return [[2], [4]]
        r = B().f()
        """,
        id="method-of-indices-overridden",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        tf.Variable = np.array
        v = tf.Variable([0., 0., 0.])
        v[0] = 5.0
        """,
        id="member-of-tensorflow-replaced",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        _orig = tf.tensor_scatter_nd_update
        tf.tensor_scatter_nd_update = lambda t, i, u: _orig(t, i, [9.])
        v.assign(tf.tensor_scatter_nd_update(v, [[1]], [5.]))
        """,
        id="scatter-replaced",
    ),
]


# The rule named reports the program, with an unsafe fix or none.
NOT_SAFE = [
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        class Swallow:
            def __enter__(self): return self
            def __exit__(self, *a): return True
        def risky():
            raise RuntimeError("x")
        i = -1
        with Swallow():
            risky()
            i = 2
        v[i] = 5.0
        """,
        id="index-rebound-where-an-exception-is-swallowed",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        i = 0
        def f():
            global i
            print(i := -1)
        f()
        v[i] = 1.0
        """,
        id="index-rebound-by-a-walrus-of-a-global",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        i = 0
        match 5:
            case x if (i := -1) > 0:
                pass
        v[i] = 5.0
        """,
        id="index-rebound-by-a-guard",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        n = -1
        w = tf.Variable([0., 0., 0.])
        class C:
            n = 2
            xs = [n for _ in range(1)]
            i = xs[0]
            w[i] = 5.0
        """,
        id="comprehension-in-a-class-body-sees-the-module",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        class M:
            def __init__(self):
                self.v = tf.Variable([1., 2., 3.])
                xs = [0]
                self.xs = xs
                self.xs.append(-1)
                self.v[xs[-1]] = 5.0
        m = M()
        """,
        id="list-changed-through-an-attribute",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        xs = [0]
        pair = (xs, 1)
        xs.append(-1)
        i = pair[0][-1]
        v[i] = 5.0
        """,
        id="list-changed-inside-of-a-tuple",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        def g(ls):
            for l in ls:
                l.append(-1)
        xs = [0]
        g([xs])
        v[xs[-1]] = 5.0
        """,
        id="list-changed-by-a-function-inside-of-a-list",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        xs = [0]
        def g():
            xs.append(-1)
        g()
        v[xs[-1]] = 5.0
        """,
        id="list-changed-by-a-closure",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        xs = [0, -1]
        xs.reverse()
        v[xs[0]] = 5.0
        """,
        id="list-reversed",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        v = tf.Variable([[0.], [1.], [2.]])
        row = np.zeros((1,), np.float32)
        row.shape = ()
        v[0] = row
        """,
        id="shape-of-the-value-set",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        v = tf.Variable([0.1, 0.2, 0.3])
        def f(x: float):
            v[0] += x
        f(np.float64(0.7000000321))
        f(np.float64(1e-8))
        for k in range(50):
            f(np.float64(np.random.rand()))
        """,
        id="float-that-is-a-numpy-double",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0.1, 0.2, 0.3])
        def f(x: float = None):
            v[0] = x
        f()
        """,
        id="float-that-defaults-to-none",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0.1, 0.2, 0.3])
        def f(i: int = None):
            v[i] = 5.0
        f()
        """,
        id="int-that-defaults-to-none",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        xs = [0]
        zs = [1]
        for l in (xs, zs):
            l.append(-1)
        v[xs[-1]] = 5.0
        """,
        id="list-changed-under-the-name-of-a-loop",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        xs = [0]
        ys = xs if len("a") else [1]
        ys.append(-1)
        v[xs[-1]] = 5.0
        """,
        id="list-changed-under-a-conditional-name",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        def gen():
            xs = [0]
            yield xs
            v[xs[0]] = 5.0
        g = gen()
        next(g)[0] = -1
        next(g, None)
        """,
        id="list-changed-by-the-caller-of-a-generator",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        xs = [0]
        xs.__setitem__(0, -1)
        v[xs[0]] = 5.0
        """,
        id="list-changed-by-dunder-setitem",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        xs = [0]
        list.append(xs, -1)
        v[xs[-1]] = 5.0
        """,
        id="list-changed-by-an-unbound-method",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        i = 0
        v = tf.Variable([0., 0., 0.])
        def a():
            global i
            match -1:
                case i: pass
        a()
        v[i] = 1.
        """,
        id="index-captured-by-match-under-global",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        v = tf.Variable(np.linspace(.1, .9, 200).astype(np.float32))
        def f(x: float):
            for k in range(200):
                v[k] *= x
        f(0.123456789)
        """,
        id="product-with-a-float",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        from operator import *
        v = tf.Variable([1., 2., 3.])
        i = abs(-1)
        v[i] = 5.
        """,
        id="builtin-shadowed-by-a-star-import",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        from mymod_range import *
        v = tf.Variable([1., 2., 3.])
        for i in range(2):
            v[i] = 5.
        """,
        id="range-shadowed-by-a-star-import",
    ),
    pytest.param(
        "TFS101",
        """
        import numpy as np
        import tensorflow as tf
        a = np.zeros([1, 3], np.float32)
        b = a
        b.shape = (3, 1)
        v = tf.Variable(np.zeros([2, 1, 3], np.float32))
        v[0] = a
        """,
        id="shape-set-under-another-name",
    ),
    pytest.param(
        "TFS101",
        """
        import typing
        import tensorflow as tf
        class P(typing.NamedTuple):
            i: int = 0
            x: float = 1.
        v = tf.Variable([1., 2., 3.])
        p = P(-1)
        v[p.i] = p.x
        """,
        id="field-of-a-namedtuple",
    ),
    pytest.param(
        "TFS101",
        """
        import dataclasses
        import tensorflow as tf
        @dataclasses.dataclass
        class P:
            i: int = 0
            def f(self):
                v[self.i] = 5.
        v = tf.Variable([1., 2., 3.])
        P(-1).f()
        """,
        id="field-of-a-dataclass",
    ),
    pytest.param(
        "TFS101",
        """
        import types
        import tensorflow as tf
        class P(types.SimpleNamespace):
            i = 0
            def f(self):
                v[self.i] = 5.
        v = tf.Variable([1., 2., 3.])
        P(i=-1).f()
        """,
        id="base-class-sets-the-constant",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2., 3.])
        i = 0
        import sys
        sys.modules[__name__].i = -1
        v[i] = 5.
        """,
        id="name-set-through-sys-modules",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2., 3.])
        i = 0
        def f():
            import advmod
            advmod.i = -1
        f()
        v[i] = 5.
        """,
        id="module-imports-itself",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2., 3.])
        xs = [0, -1]
        def rev(*a):
            a[0].reverse()
        rev(*[xs])
        v[xs[0]] = 5.
        """,
        id="list-changed-through-a-starred-argument",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2., 3.])
        e = {"a": 0}
        e.__ior__({"a": -1})
        v[e["a"]] = 6.
        """,
        id="dict-changed-by-dunder-ior",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        xs = [[0]] * 2
        xs[0].append(-1)
        v = tf.Variable([0., 0.])
        v[xs[1][-1]] = 1.
        """,
        id="one-list-repeated-in-another",
    ),
    pytest.param(
        "TFS101",
        """
        import tensorflow as tf
        a = [0]
        b = [a, [1]]
        b[0].append(-1)
        v = tf.Variable([0., 0.])
        v[a[-1]] = 1.
        """,
        id="list-changed-inside-of-a-list",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        old = v
        def idx():
            global v
            v = tf.Variable([9., 9., 9.])
            return 0
        t = tf.tensor_scatter_nd_update(v, [[idx()]], [5.])
        v.assign(t)
        """,
        id="index-rebinds-the-variable",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        class M(tf.Module):
            def __init__(self):
                self.v = tf.Variable([0., 0., 0.])
                self.hist = [self.v]
            def grow(self):
                self.v = tf.Variable([9., 9., 9.])
                self.hist.append(self.v)
                return 5.0
            def f(self):
                t = tf.tensor_scatter_nd_update(self.v, [[0]], [float(self.grow())])
                self.v.assign(t)
        m = M()
        m.f()
        res = m.v
        """,
        id="update-rebinds-the-attribute",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        vs = [tf.Variable([0., 0., 0.]), tf.Variable([9., 9., 9.])]
        i = 0
        t = tf.tensor_scatter_nd_update(vs[i], [[(i := 1)]], [5.])
        vs[i].assign(t)
        """,
        id="walrus-moves-the-receiver",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        def f():
            t = tf.tensor_scatter_nd_update(v, [[0]], [5.])
            v.assign(t)
            return float(vars()["t"][0])
        r = f()
        """,
        id="temporary-read-by-vars",
    ),
    pytest.param(
        "TFS301",
        """
        import numpy as np
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        ix = np.array([[0], [1]], np.int32)
        ix.shape = (2,)
        v.assign(tf.tensor_scatter_nd_update(v, ix, [5., 6.]))
        """,
        id="indices-flattened-by-shape",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        class Ix:
            def __getitem__(self, k):
                return [0, 1]
        ix = Ix()
        def f(ix):
            v.assign(tf.tensor_scatter_nd_update(v, ix[:, None], [5., 6.]))
        f(ix)
        """,
        id="new-axis-of-an-unknown-object",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        w = tf.Variable([2.5], dtype=tf.float64)
        v.assign(tf.tensor_scatter_nd_update(v, [[0]], w))
        """,
        id="updates-from-a-variable-of-another-dtype",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        log = []
        def a(x):
            log.append(x)
            return x
        v.assign(tf.tensor_scatter_nd_update(updates=[a(5.)], indices=[[a(1)]], tensor=v))
        """,
        id="tensor-given-after-calls",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        def f(c):
            t = "before"
            if c:
                t = tf.tensor_scatter_nd_update(v, [[1]], [5.])
                v.assign(t)
            return t
        r = f(True)
        """,
        id="temporary-used-behind-its-branch",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        def step(n):
            new = None
            for k in range(n):
                new = tf.tensor_scatter_nd_update(v, [[0]], [float(k)])
                v.assign(new)
            return new
        r = step(2)
        """,
        id="temporary-used-behind-its-loop",
    ),
    pytest.param(
        "TFS301",
        """
        import contextlib
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        new = 0
        with contextlib.nullcontext():
            new = tf.tensor_scatter_nd_update(v, [[0]], [7.])
            v.assign(new)
        out = new
        """,
        id="temporary-used-behind-its-with",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        log = []
        for k in range(2):
            new = [1]
            for j in range(1):
                new = tf.tensor_scatter_nd_update(v, [[0]], [float(k) + 3.])
                v.assign(new)
            log.append(new)
        """,
        id="temporary-rebound-in-another-block",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        acc = []
        t = 0
        for k in range(2):
            t = [k]
            acc.append(t)
            while len(acc) < 10:
                t = tf.tensor_scatter_nd_update(v, [[0]], [7.])
                v.assign(t)
                break
            else:
                pass
            acc.append(t)
        """,
        id="temporary-used-behind-a-while",
    ),
    pytest.param(
        "TFS301",
        """
        import sys
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        def peek():
            return sys._getframe(1).f_locals["t"]
        def f():
            t = tf.tensor_scatter_nd_update(v, [[0]], [7.])
            v.assign(t)
            return peek()
        out = f()
        """,
        id="temporary-read-from-the-frame",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        import threading
        def f():
            v.assign(tf.tensor_scatter_nd_update(v, [[0], [7]], [5., 6.]))
        th = threading.Thread(target=f)
        th.start(); th.join()
        """,
        id="thread-ends-alone",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        class Swallow:
            def __enter__(self): return self
            def __exit__(self, *a): return True
        with Swallow():
            v.assign(tf.tensor_scatter_nd_update(v, [[0], [7]], [5., 6.]))
        """,
        id="context-manager-swallows",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        from concurrent.futures import ThreadPoolExecutor
        v = tf.Variable([1., 2.])
        def f():
            v.assign(tf.tensor_scatter_nd_update(v, [[0], [7]], [5., 6.]))
        with ThreadPoolExecutor(1) as ex:
            ok = ex.submit(f).exception() is not None
        """,
        id="exception-kept-in-a-future",
    ),
    pytest.param(
        "TFS301",
        """
        import contextlib
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        with contextlib.ExitStack() as st:
            st.push(lambda *a: True)
            v.assign(tf.tensor_scatter_nd_update(v, [[0], [7]], [5., 6.]))
        """,
        id="exception-swallowed-by-an-exit-stack",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        class EOFError(Exception): pass
        KeyError = Exception
        try:
            v.assign(tf.tensor_scatter_nd_update(v, [[0], [7]], [5., 6.]))
        except KeyError:
            pass
        """,
        id="exception-caught-under-another-name",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2.])
        OutOfRangeError = tf.errors.InvalidArgumentError
        try:
            v.assign(tf.tensor_scatter_nd_update(v, [[0], [7]], [5., 6.]))
        except OutOfRangeError:
            pass
        """,
        id="handler-of-unknown-exceptions",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        vs = [tf.Variable([0., 0.]), tf.Variable([1., 1.])]
        def swap():
            vs.reverse()
            return 5.
        t = tf.tensor_scatter_nd_update(vs[0], [[0]], [float(swap())])
        vs[0].assign(t)
        """,
        id="update-swaps-the-item",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0.])
        u = v
        t = tf.tensor_scatter_nd_update(v, [[0]], [float((v := tf.Variable([9., 9.]))[0])])
        v.assign(t)
        """,
        id="walrus-rebinds-the-variable",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0.])
        u = v
        def mk():
            global v
            v = tf.Variable([9., 9.])
            return 5.
        v.assign(tf.tensor_scatter_nd_update(indices=[[0]], updates=[float(mk())], tensor=v))
        """,
        id="tensor-read-after-a-call",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf, asyncio
        v = tf.Variable([0., 0.])
        async def g():
            v.assign([8., 8.])
            return 5.
        async def f():
            t = tf.tensor_scatter_nd_update(v, [[0]], [float(await g())])
            v.assign(t)
        asyncio.run(f())
        """,
        id="await-between-read-and-write",
    ),
    pytest.param(
        "TFS301",
        """
        import keras
        import tensorflow as tf
        class A:
            def __init__(self):
                self.v = tf.Variable([0., 0.])
            def put(self):
                self.v.assign(tf.tensor_scatter_nd_update(self.v, [[0]], [5.]))
        class C:
            def __init__(self):
                self.v = keras.Variable([1., 1.])
        class B(A, C):
            def __init__(self):
                A.__init__(self)
                C.__init__(self)
        b = B()
        b.put()
        r = b.v.numpy()
        """,
        id="two-bases-store-variables-of-two-kinds",
    ),
    pytest.param(
        "TFS301",
        """
        import keras
        import tensorflow as tf
        class A:
            def make(self):
                return tf.Variable([0., 0.])
            def go(self):
                v = self.make()
                v.assign(tf.tensor_scatter_nd_update(v, [[0]], [5.]))
                return v.numpy()
        class B(A):
            def make(self):
                return keras.Variable([1., 1.])
        r = B().go()
        """,
        id="factory-overridden-by-one-for-keras",
    ),
    pytest.param(
        "TFS301",
        """
        import keras
        import tensorflow as tf
        d = {"a": tf.Variable([0., 0.])}
        def use_keras():
            d["a"] = keras.Variable([1., 1.])
        use_keras()
        d["a"].assign(tf.tensor_scatter_nd_update(d["a"], [[0]], [5.]))
        r = d["a"].numpy()
        """,
        id="item-replaced-by-a-keras-variable",
    ),
    pytest.param(
        "TFS301",
        """
        import keras
        import tensorflow as tf
        flag = len("") > 0
        v = keras.Variable([1., 1.])
        flag and (v := tf.Variable([0., 0.]))
        v.assign(tf.tensor_scatter_nd_update(v, [[0]], [5.]))
        r = v.numpy()
        """,
        id="walrus-behind-and",
    ),
    pytest.param(
        "TFS301",
        """
        import keras
        import tensorflow as tf
        import dataclasses
        @dataclasses.dataclass(eq=False)
        class P:
            v: object = tf.Variable([0., 0.])
            def put(self):
                self.v.assign(tf.tensor_scatter_nd_update(self.v, [[0]], [5.]))
        p = P(keras.Variable([1., 1.]))
        p.put()
        r = p.v.numpy()
        """,
        id="field-of-a-dataclass",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        @tf.function
        def f():
            with tf.init_scope():
                x = tf.constant([5.0], tf.float64)
            v.assign(tf.tensor_scatter_nd_update(v, [[0]], x))
        f()
        """,
        id="tensor-of-an-init-scope",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        w = tf.Variable([5.], dtype=tf.float64)
        v = tf.Variable([0., 0., 0.])
        @tf.function
        def f():
            v.assign(tf.tensor_scatter_nd_update(v, [[0]], w))
        f()
        """,
        id="captured-variable",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        class C:
            x = tf.constant([5.], tf.float64)
        @tf.function
        def f():
            v.assign(tf.tensor_scatter_nd_update(v, [[0]], C.x))
        f()
        """,
        id="captured-class-attribute",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        d = {"x": tf.constant([5.], tf.float64)}
        @tf.function
        def f():
            v.assign(tf.tensor_scatter_nd_update(v, [[0]], d.get("x")))
        f()
        """,
        id="captured-through-get",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        d = {"x": tf.constant([5.], tf.float64)}
        @tf.function
        def f():
            for k, x in d.items():
                v.assign(tf.tensor_scatter_nd_update(v, [[0]], x))
        f()
        """,
        id="captured-through-items",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        xs = [tf.constant([5.], tf.float64)]
        @tf.function
        def f():
            for k, x in zip([0], xs):
                v.assign(tf.tensor_scatter_nd_update(v, [[0]], x))
        f()
        """,
        id="captured-through-zip",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        xs = [tf.constant([5.], tf.float64)]
        @tf.function
        def f():
            ys = xs + xs
            v.assign(tf.tensor_scatter_nd_update(v, [[0]], ys[0]))
        f()
        """,
        id="captured-through-a-sum-of-lists",
    ),
    pytest.param(
        "TFS301",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        xs = [tf.constant([5.], tf.float64)]
        @tf.function
        def f():
            ys = xs[:1]
            (x,) = ys
            v.assign(tf.tensor_scatter_nd_update(v, [[0]], x))
        f()
        """,
        id="captured-through-a-slice",
    ),
]


# There is a safe fix, the one that holds wherever the index or value may be.
CAREFUL = [
    pytest.param(
        "v[i].assign(5.0)",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        i = 0
        [(i := j) for j in (-1,)]
        v[i] = 5.0
        """,
        id="walrus-in-a-comprehension",
    ),
    pytest.param(
        "v[i].assign(5.0)",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        i = -1
        flag = len("") > 0
        flag and (i := 1)
        v[i] = 5.0
        """,
        id="walrus-behind-and",
    ),
    pytest.param(
        "v[xs[-1]].assign(5.0)",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        xs = [0]
        it = iter([])
        try:
            xs.append(-1)
            next(it)
        except StopIteration:
            v[xs[-1]] = 5.0
        """,
        id="list-changed-before-the-exception",
    ),
    pytest.param(
        "v[int(ix[0])].assign(5.0)",
        """
        import numpy as np
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        ix = np.arange(3)
        ix[0] = -1
        v[int(ix[0])] = 5.0
        """,
        id="item-of-an-array-set",
    ),
    pytest.param(
        "v[int(jx[0])].assign(5.0)",
        """
        import numpy as np
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        ix = np.arange(3)
        jx = ix
        ix -= 1
        v[int(jx[0])] = 5.0
        """,
        id="array-changed-under-another-name",
    ),
    pytest.param(
        "v[int(ix[0])].assign(5.0)",
        """
        import numpy as np
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        ix = np.arange(3)
        np.subtract(ix, 1, out=ix)
        v[int(ix[0])] = 5.0
        """,
        id="array-given-as-out",
    ),
    pytest.param(
        "v[i].assign(5.0)",
        """
        import tensorflow as tf
        v = tf.Variable([0., 0., 0.])
        i = 0
        def outer():
            i = "x"
            def inner():
                global i
                i = -1
            inner()
        outer()
        v[i] = 5.0
        """,
        id="global-of-a-nested-function",
    ),
    pytest.param(
        "v[0].assign(row)",
        """
        import tensorflow as tf
        class M:
            def set(self, n):
                self.n = n
            def go(self):
                row = tf.ones([self.n])
                self.set(3)
                self.v = v = tf.Variable(tf.zeros([2, self.n]))
                v[0] = row
        m = M()
        m.set(1)
        m.go()
        """,
        id="method-changes-a-size",
    ),
    pytest.param(
        "self.v[0].assign(row)",
        """
        import tensorflow as tf
        class M:
            def __init__(self, n):
                self.n = n
                self.v = tf.Variable(tf.zeros([2, n]))
            def f(self):
                row = tf.ones([self.n])
                self = M(3)
                self.v[0] = row
                return self
        r = M(1).f()
        """,
        id="self-rebound",
    ),
    pytest.param(
        "v[0].assign(row)",
        """
        import tensorflow as tf
        xs = [1.]
        def add():
            xs.append(2.)
        add()
        v = tf.Variable(tf.zeros([2, len(xs)]))
        row = tf.ones([1])
        v[0] = row
        """,
        id="list-grows-in-a-function",
    ),
    pytest.param(
        "v[i].assign(5.)",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2., 3.])
        i = 0
        g = ((i := -1) for _ in range(1))
        v[i] = 5.
        list(g)
        v[i] = 6.
        """,
        id="walrus-in-a-generator-run-later",
    ),
    pytest.param(
        "v.scatter_nd_update([[2]], [5.])",
        """
        import tensorflow as tf
        v = tf.Variable([1., 2., 3.])
        d = {1: 0, True: -1}
        v[d[1]] = 5.
        d = {"a": 0, "a": -1}
        v[d["a"]] = 6.
        d = {1: 0, 1.0: -2}
        v[d[1]] = 7.
        """,
        id="key-of-a-dict-that-equals-another",
    ),
    pytest.param(
        "v[int(ix[0])].assign(5.)",
        """
        import numpy as np
        import tensorflow as tf
        v = tf.Variable([1., 2., 3.])
        ix = np.arange(3)
        ix[:] = ix[::-1] - 3
        v[int(ix[0])] = 5.
        """,
        id="slice-of-an-array-set",
    ),
]


def safe(found: Finding) -> bool:
    return found.fix is not None and found.fix.applicability is Applicability.SAFE


@pytest.mark.parametrize(("rule", "text"), NO_FINDING)
def test_it_is_left_alone(look: Look, rule: str, text: str) -> None:
    assert [f for f in look(text) if f.rule.code == rule and not f.declined] == []


@pytest.mark.parametrize(("rule", "text"), NOT_SAFE)
def test_it_has_no_safe_fix(look: Look, rule: str, text: str) -> None:
    findings = look(text)
    assert rule in {found.rule.code for found in findings}
    assert not any(map(safe, findings))


@pytest.mark.parametrize(("written", "text"), CAREFUL)
def test_it_has_the_careful_fix(look: Look, written: str, text: str) -> None:
    findings = list(filter(safe, look(text)))
    assert written in fixed(text, findings, Applicability.SAFE)
