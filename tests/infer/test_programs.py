"""What inference says of whole programs, and that running them does not contradict it."""

from __future__ import annotations

import pytest
from claims import described
from programs import probes

# In every program ``print(x)  # expected`` says what must be claimed of ``x``: kind, dtype, shape
# and settings, as in the table of the API. What must not be claimed is "unknown".

ALIASES = [
    pytest.param(
        """
        i = j = [0, 1]
        j.pop()
        print(i[0])  # unknown
        """,
        id="two-targets",
    ),
    pytest.param(
        """
        class Both:
            def __init__(self):
                self.i = self.j = [0, 1]
            def shorten(self):
                self.j.pop()
                print(self.i[0])  # unknown
        Both().shorten()
        """,
        id="two-attributes",
    ),
    pytest.param(
        """
        (i, k) = (j, l) = ([0, 1], 2)
        j.pop()
        print(i[0])  # unknown
        """,
        id="two-tuples-of-targets",
    ),
    pytest.param(
        """
        i = (j := [0, 1])
        j.pop()
        print(i[-1])  # unknown
        """,
        id="walrus",
    ),
    pytest.param(
        """
        a = b = 3
        print(a)  # int const=3
        c = d = tf.Variable([1.0])
        print(c)  # tf-variable float32 (1,) plain
        """,
        id="two-targets-of-what-cannot-change",
    ),
    pytest.param(
        """
        rows = [[0], [1]]
        for k, row in enumerate(rows):
            row.append(-1)
        print(rows[0])  # list
        print(rows[0][-1])  # unknown
        """,
        id="entries-of-enumerate",
    ),
    pytest.param(
        """
        rows = [[0], [1]]
        for k, row in zip([1, 2], rows):
            row[0] = -1
        print(rows[0][0])  # unknown
        """,
        id="entries-of-zip",
    ),
    pytest.param(
        """
        rows = [[0], [1]]
        list(rows)[0].append(-1)
        print(rows[0][-1])  # unknown
        """,
        id="entry-of-a-copied-list",
    ),
    pytest.param(
        """
        rows = [[0], [1]]
        for k, row in enumerate(rows):
            pass
        print(rows[1][0])  # int const=1
        """,
        id="entries-that-nobody-changes",
    ),
    pytest.param(
        """
        deep = [[[0]], [[1]]]
        for rows in deep:
            for row in rows:
                row.append(-1)
        print(deep[0][0][-1])  # unknown
        """,
        id="entries-of-entries",
    ),
    pytest.param(
        """
        a = np.arange(3)
        b = np.asarray(a)
        b[0] = -1
        print(a)  # ndarray int64 (3,) low=None distinct=False
        """,
        id="the-same-array",
    ),
    pytest.param(
        """
        a = np.arange(3)
        np.ravel(a)[0] = -1
        print(a)  # ndarray int64 (3,) low=None
        """,
        id="view-by-a-function",
    ),
    pytest.param(
        """
        a = np.arange(3)
        b = a[1:]
        b[0] = -1
        print(a)  # ndarray int64 (3,) low=None
        """,
        id="view-by-a-slice",
    ),
    pytest.param(
        """
        a = np.arange(6).reshape(3, 2)
        for row in a:
            row[0] = -1
        print(a)  # ndarray int64 (3, 2) low=None
        """,
        id="view-by-a-loop",
    ),
    pytest.param(
        """
        a = np.arange(3)
        b = a[1:]
        print(a)  # ndarray int64 (3,) low=0 high=3 distinct
        print(b)  # ndarray int64 (2,) low=0 high=3 distinct
        """,
        id="view-that-nobody-changes",
    ),
    pytest.param(
        """
        class Tables:
            def __init__(self):
                self.tables = {"a": tf.Variable([1.0])}
            def show(self):
                print(self.tables["a"])  # unknown
        def change(owner):
            owner.tables["a"] = np.zeros(3)
        it = Tables()
        change(it)
        it.show()
        """,
        id="attribute-of-an-unknown-object",
    ),
    pytest.param(
        """
        class Rows:
            def __init__(self):
                self.rows = [1, 2]
            def show(self):
                print(self.rows[0])  # unknown
        def change(owner):
            del owner.rows[0]
        it = Rows()
        change(it)
        it.show()
        """,
        id="attribute-of-an-unknown-object-shortened",
    ),
    pytest.param(
        """
        class Tables:
            def __init__(self):
                self.tables = {"a": tf.Variable([1.0])}
            def show(self):
                print(self.tables["a"])  # unknown
        it = Tables()
        getattr(it, "tables")["a"] = np.zeros(3)
        it.show()
        """,
        id="attribute-by-its-name",
    ),
]


CONTAINERS = [
    pytest.param(
        """
        a, b = tf.Variable([1.0]), tf.Variable([1, 2])
        a, b = b, a
        print(a)  # tf-variable int32 (2,) plain
        print(b)  # tf-variable float32 (1,) plain
        """,
        id="tuple-assignment",
    ),
    pytest.param(
        """
        a, *rest, b = tf.Variable([1.0]), 1, 2, tf.Variable([2, 3])
        print(a)  # tf-variable float32 (1,) plain
        print(rest[1])  # int const=2
        print(b)  # tf-variable int32 (2,) plain
        """,
        id="starred-target",
    ),
    pytest.param(
        """
        a, *rest = [tf.zeros([2]) for _ in range(3)]
        print(a)  # tensor float32 (2,)
        print(rest)  # list
        print(rest[0])  # tensor float32 (2,)
        """,
        id="starred-target-of-unknown-length",
    ),
    pytest.param(
        """
        vs = []
        for i in range(3):
            vs.append(tf.Variable(tf.zeros([3])))
        print(vs[0])  # tf-variable float32 (3,) plain
        for i, v in enumerate(vs):
            print(v)  # tf-variable float32 (3,) plain
        for v, x in zip(vs, [1, 2, 3]):
            print(v)  # tf-variable float32 (3,) plain
        """,
        id="list-grown-in-a-loop",
    ),
    pytest.param(
        """
        vs = []
        for i in range(2):
            vs.append(tf.Variable([0.0]))
            vs.append(np.zeros(1))
        print(vs[0])  # unknown
        """,
        id="list-grown-by-two-kinds",
    ),
    pytest.param(
        """
        vs = [tf.Variable([0.0]), tf.Variable([1.0]), 3]
        vs.pop()
        print(vs[0])  # unknown
        del vs[0]
        print(len(vs))  # int low=0 high=None
        """,
        id="list-shortened",
    ),
    pytest.param(
        """
        vs = [tf.Variable([0.0]), tf.Variable([1.0])]
        last = vs.pop()
        print(vs[0])  # tf-variable float32 (1,) plain
        print(len(vs))  # int low=0 high=None
        """,
        id="list-shortened-keeps-its-entries",
    ),
    pytest.param(
        """
        xs = [0, -1, 2]
        ys = [xs.pop() for _ in range(2)]
        print(xs[0])  # unknown
        """,
        id="list-emptied-by-a-comprehension",
    ),
    pytest.param(
        """
        vs = [tf.Variable([0.0])]
        def grow():
            vs.insert(0, np.zeros(1))
        grow()
        print(vs[0])  # unknown
        """,
        id="list-grown-in-a-closure",
    ),
    pytest.param(
        """
        class Layers:
            def __init__(self):
                self.vs = []
                for i in range(3):
                    self.vs.append(tf.Variable(tf.zeros([3])))
            def show(self):
                print(self.vs[0])  # tf-variable float32 (3,) plain
                for v in self.vs:
                    print(v)  # tf-variable float32 (3,) plain
        Layers().show()
        """,
        id="list-grown-through-an-attribute",
    ),
    pytest.param(
        """
        class Layers:
            def __init__(self):
                self.vs = [tf.Variable(tf.zeros([3]))]
            def show(self):
                print(self.vs[-1])  # unknown
        def grow(layers):
            layers.vs.append(np.zeros(3))
        it = Layers()
        grow(it)
        it.show()
        """,
        id="list-grown-through-an-attribute-elsewhere",
    ),
    pytest.param(
        """
        class Layers:
            def __init__(self):
                self.vs = [tf.Variable(tf.zeros([3]))]
            def grow(self):
                vs = self.vs
                vs.append(np.zeros(3))
            def show(self):
                print(self.vs[-1])  # unknown
        it = Layers()
        it.grow()
        it.show()
        """,
        id="list-of-an-attribute-under-another-name",
    ),
    pytest.param(
        """
        vs = [tf.Variable([0.0]), 3]
        vs[1] = tf.Variable([1, 2])
        print(vs[1])  # tf-variable int32 (2,) plain
        vs[0] = np.zeros(3)
        print(vs[0])  # ndarray float64 (3,)
        """,
        id="item-of-a-list",
    ),
    pytest.param(
        """
        xs = [0, 1]
        xs[0:1] = [-1, -2]
        print(xs[1])  # int low=-2 high=2
        """,
        id="slice-of-a-list",
    ),
    pytest.param(
        """
        def change(key):
            xs = [0, 1]
            xs[key] = [-1, -2]
            print(xs[0])  # unknown
        change(slice(0, 1))
        """,
        id="slice-or-item-of-a-list",
    ),
    pytest.param(
        """
        class Slots:
            def __init__(self):
                self.slots = [tf.Variable([1.0]), tf.Variable([2.0])]
            def reset(self, i):
                print(self.slots)  # list
                print(self.slots[i])  # unknown
                for slot in self.slots:
                    print(slot)  # tf-variable float32 (1,) plain
        Slots().reset(0)
        """,
        id="whole-variables-of-a-list",
    ),
    pytest.param(
        """
        vs = [[tf.Variable([0.0]) for _ in range(2)] for _ in range(3)]
        print(vs[1][0])  # tf-variable float32 (1,) plain
        for row in vs:
            for v in row:
                print(v)  # tf-variable float32 (1,) plain
        """,
        id="lists-of-lists",
    ),
    pytest.param(
        """
        class Tables:
            def __init__(self):
                self.tables = {"user": tf.Variable(tf.zeros([3, 2])), "item": tf.Variable([1])}
            def show(self):
                print(self.tables["user"])  # tf-variable float32 (3, 2) plain
                for name, table in self.tables.items():
                    print(table)  # tf-variable ? ? plain
                for table in self.tables.values():
                    print(table)  # tf-variable ? ? plain
        Tables().show()
        """,
        id="dict-of-constant-keys",
    ),
    pytest.param(
        """
        tables = {}
        for key in ["a", "b"]:
            tables[key] = tf.Variable(tf.zeros([3]))
        print(tables["a"])  # tf-variable float32 (3,) plain
        print(tables.get("a"))  # tf-variable float32 (3,) plain optional
        """,
        id="dict-filled-in-a-loop",
    ),
    pytest.param(
        """
        class Tables:
            def __init__(self):
                self.tables = {}
                for key in ["a", "b"]:
                    self.tables[key] = tf.Variable(tf.zeros([3]))
            def show(self, key):
                print(self.tables[key])  # tf-variable float32 (3,) plain
        Tables().show("a")
        """,
        id="dict-filled-through-an-attribute",
    ),
    pytest.param(
        """
        tables = {key: tf.Variable(tf.zeros([3])) for key in ["a", "b"]}
        for key, table in tables.items():
            print(table)  # tf-variable float32 (3,) plain
        """,
        id="dict-of-a-comprehension",
    ),
    pytest.param(
        """
        tables = dict(zip(["a", "b"], [tf.Variable([1.0]), tf.Variable([2.0])]))
        print(tables["a"])  # tf-variable float32 (1,) plain
        words = dict(a=tf.Variable([1.0]), b=np.zeros(3))
        print(words["a"])  # tf-variable float32 (1,) plain
        print(words["b"])  # ndarray float64 (3,)
        """,
        id="dict-of-pairs",
    ),
    pytest.param(
        """
        tables = {"a": tf.Variable([1.0])}
        tables["b"] = np.zeros(3)
        print(tables["a"])  # tf-variable float32 (1,) plain
        print(tables["b"])  # ndarray float64 (3,)
        tables.update(a=3)
        print(tables["a"])  # unknown
        """,
        id="dict-with-a-key-stored",
    ),
]

ANNOTATIONS = [
    pytest.param(
        """
        from typing import Optional, Union
        def show(v: tf.Variable, w: "tf.Variable", t: tf.Tensor, u: Union[tf.Variable, None]):
            print(v)  # tf-variable plain=False
            print(w)  # tf-variable plain=False
            print(t)  # tensor
            print(u)  # tf-variable optional
        v = tf.Variable([1.0])
        show(v, v, tf.zeros([1]), v)
        """,
        id="variables-and-tensors",
    ),
    pytest.param(
        """
        from typing import Dict, List, Sequence, Tuple
        def show(a: List[tf.Variable], b: Dict[str, tf.Variable], c: Sequence["tf.Variable"]):
            print(a[0])  # tf-variable plain=False
            print(b["x"])  # tf-variable plain=False
            print(c[0])  # tf-variable plain=False
            for v in a:
                print(v)  # tf-variable plain=False
            for key, v in b.items():
                print(v)  # tf-variable plain=False
        def more(a: list[tf.Tensor], b: Tuple[tf.Variable, tf.Tensor], c: Tuple[tf.Variable, ...]):
            print(a[0])  # tensor
            print(b[0])  # tf-variable plain=False
            print(b[1])  # tensor
            print(c[0])  # tf-variable plain=False
        v, t = tf.Variable([1.0]), tf.zeros([1])
        show([v], {"x": v}, (v,))
        more([t], (v, t), (v, v))
        """,
        id="containers",
    ),
    pytest.param(
        """
        def show(*vs: tf.Variable, **named: tf.Variable):
            print(vs[0])  # tf-variable plain=False
            print(named["a"])  # tf-variable plain=False
        show(tf.Variable([1.0]), a=tf.Variable([1.0]))
        """,
        id="starred-parameters",
    ),
    pytest.param(
        """
        from typing import List, Optional
        Var, Maybe, Many = tf.Variable, Optional[tf.Variable], List[tf.Variable]
        def show(v: Var, w: Maybe, vs: Many):
            print(v)  # tf-variable plain=False
            print(w)  # tf-variable optional
            print(vs[0])  # tf-variable plain=False
        v = tf.Variable([1.0])
        show(v, v, [v])
        """,
        id="aliases",
    ),
    pytest.param(
        """
        from typing import List, Sequence
        def show(i: List[int], x: Sequence[float]):
            print(i)  # unknown
            print(x)  # unknown
        show(np.arange(3), (1.0,))
        """,
        id="of-numbers-in-a-list",
    ),
    pytest.param(
        """
        from typing import Union
        def show(x: Union[tf.Variable, tf.Tensor], y: tf.Variable | np.ndarray):
            print(x)  # unknown
            print(y)  # unknown
        show(tf.zeros([1]), np.zeros(1))
        """,
        id="several-classes",
    ),
    pytest.param(
        """
        def make():
            return eval("tf.Variable([1.0])")
        v: tf.Variable = make()
        print(v)  # tf-variable plain=False
        w: tf.Variable = np.zeros(3)
        print(w)  # ndarray float64 (3,)
        """,
        id="local-variables",
    ),
    pytest.param(
        """
        import dataclasses
        @dataclasses.dataclass
        class State:
            v: tf.Variable
            t: tf.Tensor = None
            k: int = 3
            def show(self):
                print(self.v)  # tf-variable plain=False
        def show(state: State):
            print(state.v)  # tf-variable plain=False
            print(state.t)  # tensor optional
            print(state.k)  # unknown
        state = State(tf.Variable([1.0]))
        show(state)
        state.show()
        """,
        id="fields",
    ),
    pytest.param(
        """
        class State:
            v: tf.Variable
            def show(self):
                print(self.v)  # unknown
        state = State()
        state.v = np.zeros(3)
        state.show()
        """,
        id="field-that-is-stored-otherwise",
    ),
    pytest.param(
        """
        class State:
            def __init__(self):
                self.v = tf.Variable([1.0])
        def show(state: State, other: "State"):
            print(state.v)  # tf-variable float32 (1,) plain=False
            print(other.v)  # tf-variable float32 (1,) plain=False
        show(State(), State())
        """,
        id="class-of-the-file",
    ),
    pytest.param(
        """
        class Similar:
            v: tf.Variable
            vs: list
        def change(similar: Similar):
            similar.v = np.zeros(3)
            similar.vs[0] = np.zeros(3)
            similar.vs.append(3)
        class State:
            def __init__(self):
                self.v = tf.Variable([1.0])
                self.vs = [tf.Variable([1.0])]
            def show(self):
                print(self.v)  # unknown
                print(self.vs[0])  # unknown
        state = State()
        change(state)
        state.show()
        """,
        id="object-that-is-only-similar",
    ),
    pytest.param(
        """
        def make(x) -> tf.Variable:
            return eval("x")
        print(make(tf.Variable([1.0])))  # tf-variable plain=False
        """,
        id="results",
    ),
]

TESTS = [
    pytest.param(
        """
        def show(x):
            if isinstance(x, tf.Variable):
                print(x)  # tf-variable plain=False
            else:
                print(x)  # unknown
            print(x)  # unknown
        show(tf.Variable([1.0]))
        show(np.zeros(3))
        """,
        id="instance",
    ),
    pytest.param(
        """
        def show(x):
            if not isinstance(x, tf.Variable):
                return
            print(x)  # tf-variable plain=False
        show(tf.Variable([1.0]))
        """,
        id="no-instance-leaves",
    ),
    pytest.param(
        """
        def show(x, y):
            if not (isinstance(x, tf.Variable) and isinstance(y, tf.Tensor)):
                raise TypeError
            print(x)  # tf-variable plain=False
            print(y)  # tensor
        show(tf.Variable([1.0]), tf.zeros([1]))
        """,
        id="no-instance-raises",
    ),
    pytest.param(
        """
        def show(x):
            assert isinstance(x, tf.Variable)
            print(x)  # tf-variable plain=False
        show(tf.Variable([1.0]))
        """,
        id="asserted-instance",
    ),
    pytest.param(
        """
        def show(x):
            if isinstance(x, (tf.Variable, np.ndarray)):
                print(x)  # unknown
            if isinstance(x, tf.Variable) or isinstance(x, np.ndarray):
                print(x)  # unknown
        show(np.zeros(3))
        """,
        id="several-classes",
    ),
    pytest.param(
        """
        def show(x: tf.Variable):
            if isinstance(x, tf.Variable):
                print(x)  # tf-variable plain=False
            else:
                print(x)  # unknown
            if not tf.is_tensor(x):
                print(x)  # unknown
        show(tf.Variable([1.0]))
        show(np.zeros(3))
        """,
        id="annotation-that-is-doubted",
    ),
    pytest.param(
        """
        xs = [tf.Variable([1.0]), 3]
        found = [print(x) for x in xs if isinstance(x, tf.Variable)]  # tf-variable
        """,
        id="instance-in-a-comprehension",
    ),
    pytest.param(
        """
        def show(x):
            y = x if isinstance(x, tf.Variable) else tf.Variable([1.0])
            print(y)  # tf-variable plain=False
        show(np.zeros(3))
        """,
        id="conditional-expression",
    ),
    pytest.param(
        """
        i = 0
        x = (i := -1) if len("a") else 0
        print(i)  # int low=-1 high=1
        """,
        id="conditional-expression-that-binds",
    ),
    pytest.param(
        """
        def show(v: tf.Variable = None, t: tf.Tensor = None):
            if v is None:
                v = tf.Variable([1.0])
            print(v)  # tf-variable optional=False
            print(t)  # tensor optional
            t = t if t is not None else tf.zeros([1])
            print(t)  # tensor optional=False
        show()
        """,
        id="none-replaced",
    ),
    pytest.param(
        """
        def show(t: tf.Tensor = None):
            if t is None:
                return
            print(t)  # tensor optional=False
        show(tf.zeros([1]))
        """,
        id="none-leaves",
    ),
    pytest.param(
        """
        def show(t: tf.Tensor = None):
            t = t or tf.zeros([1])
            print(t)  # tensor optional=False
        show()
        """,
        id="or",
    ),
    pytest.param(
        """
        def show(i: int, n: int):
            if i >= 0:
                print(i)  # int low=0
            if 0 < i < 5:
                print(i)  # int low=1 high=5
            if i < 0 or i > 7:
                raise ValueError
            print(i)  # int low=0 high=8
        show(1, 3)
        """,
        id="bounds",
    ),
    pytest.param(
        """
        def show(i: int, j: int):
            if i >= 0 or j >= 0:
                print(i)  # int low=None
            if not (i >= 0 and j >= 0):
                print(i)  # int low=None
        show(-1, 1)
        """,
        id="bounds-of-one-branch",
    ),
    pytest.param(
        """
        def show(i: int):
            if i >= 0:
                i = i - 5
                print(i)  # int low=-5
            print(i)  # int low=None
        show(3)
        """,
        id="bounds-of-a-name-bound-again",
    ),
    pytest.param(
        """
        def show(i: int):
            def change():
                nonlocal i
                i = -1
            if i >= 0:
                change()
                print(i)  # int low=None
        show(3)
        """,
        id="bounds-of-a-name-that-another-function-binds",
    ),
    pytest.param(
        """
        def show(n: int):
            i = 0
            while i < n:
                print(i)  # int low=0
                i += 1
            while i >= 0:
                print(i)  # int low=0
                i -= 1
            print(i)  # int low=-1
        show(3)
        """,
        id="bounds-in-a-loop",
    ),
    pytest.param(
        """
        def show(i: int):
            assert i >= 0
            print(i)  # int low=None
        show(3)
        """,
        id="bounds-that-an-assertion-may-leave-out",
    ),
    pytest.param(
        """
        def show(x: tf.Tensor):
            if x >= 0:
                print(x)  # tensor low=None
        show(tf.constant(0.5))
        """,
        id="bounds-of-a-float",
    ),
]

RESULTS = [
    pytest.param(
        """
        class Layer:
            def __init__(self):
                self._v = tf.Variable(tf.zeros([3]))
            @property
            def v(self):
                return self._v
            def show(self):
                print(self.v)  # tf-variable float32 (3,) plain
        layer = Layer()
        print(layer.v)  # tf-variable float32 (3,) plain
        layer.show()
        """,
        id="property",
    ),
    pytest.param(
        """
        class Layer:
            def __init__(self):
                self._v = tf.Variable(tf.zeros([3]))
            @property
            def v(self):
                return self._v
            @v.setter
            def v(self, value):
                self._v.assign(value)
            def show(self):
                print(self.v)  # tf-variable float32 (3,) plain
        Layer().show()
        """,
        id="property-with-a-setter",
    ),
    pytest.param(
        """
        class Layer:
            @property
            def v(self):
                return tf.Variable(tf.zeros([3]))
            def show(self):
                print(self.v)  # unknown
        class Other(Layer):
            @property
            def v(self):
                return np.zeros(3)
        Other().show()
        """,
        id="property-overridden",
    ),
    pytest.param(
        """
        class Layer:
            @property
            def v(self):
                return tf.Variable(tf.zeros([3]))
            def show(self):
                print(self.v)  # unknown
        class Other(Layer):
            v = np.zeros(3)
        Other().show()
        """,
        id="property-replaced-by-an-attribute",
    ),
    pytest.param(
        """
        def as_numpy(function):
            return property(lambda self: function(self).numpy())
        class Layer:
            @as_numpy
            def v(self):
                return tf.Variable(tf.zeros([3]))
            def show(self):
                print(self.v)  # unknown
        Layer().show()
        """,
        id="property-under-another-decorator",
    ),
    pytest.param(
        """
        class Maker:
            @staticmethod
            def one():
                return tf.Variable([1.0])
            @classmethod
            def two(cls):
                return tf.Variable([1, 2])
            def show(self):
                print(self.one())  # tf-variable float32 (1,) plain
                print(Maker.one())  # tf-variable float32 (1,) plain
                print(self.two())  # tf-variable int32 (2,) plain
        Maker().show()
        """,
        id="methods-without-self",
    ),
    pytest.param(
        """
        @tf.function
        def one(x):
            return tf.zeros([3]), x
        @tf.function(reduce_retracing=True)
        def two():
            return 3
        print(one(1)[0])  # tensor float32 (3,)
        print(one(1)[1])  # unknown
        print(two())  # unknown
        """,
        id="traced",
    ),
    pytest.param(
        """
        v = tf.Variable([1.0])
        @tf.function
        def one():
            return v
        print(one())  # unknown
        """,
        id="traced-variable",
    ),
    pytest.param(
        """
        def make(flag):
            if flag:
                return tf.zeros([2])
            else:
                return tf.ones([2])
        print(make(True))  # tensor float32 (2,) optional=False
        """,
        id="every-branch-returns",
    ),
    pytest.param(
        """
        def make():
            with tf.name_scope("a"):
                return tf.zeros([2])
        print(make())  # tensor float32 (2,) optional=False
        """,
        id="inside-of-with",
    ),
    pytest.param(
        """
        import contextlib
        def make():
            with contextlib.suppress(ValueError):
                raise ValueError
                return tf.zeros([2])
        print(make())  # tensor float32 (2,) optional
        """,
        id="inside-of-a-with-that-swallows",
    ),
    pytest.param(
        """
        def make(n, dtype=tf.float32):
            return tf.Variable(tf.zeros([n, 2], dtype))
        print(make(3))  # tf-variable float32 (3, 2) plain
        print(make(4, dtype=tf.int32))  # tf-variable int32 (4, 2) plain
        def some(k):
            print(make(k))  # tf-variable float32 (?, 2) plain
            print(make(2, eval("tf.int32")))  # tf-variable ? (2, 2) plain
        some(3)
        """,
        id="factory",
    ),
    pytest.param(
        """
        class Module:
            def variable(self, name, shape, dtype, initializer):
                if not isinstance(name, str):
                    raise TypeError(name)
                return tf.Variable(initializer, name=name, dtype=dtype, shape=shape)
            def __init__(self):
                self.v = self.variable(
                    name="a", shape=(3,), dtype=tf.float32, initializer=tf.zeros([3])
                )
                self.w = self.variable("b", eval("(2,)"), tf.int32, eval("tf.zeros([2], tf.int32)"))
            def show(self):
                print(self.v)  # tf-variable float32 (3,) plain
                print(self.w)  # tf-variable int32 ? plain
        Module().show()
        """,
        id="factory-method",
    ),
    pytest.param(
        """
        def inner(shape):
            return tf.Variable(tf.zeros(shape))
        def outer(n):
            return inner([n, 2])
        print(outer(3))  # tf-variable float32 (3, 2) plain
        """,
        id="factory-of-a-factory",
    ),
    pytest.param(
        """
        def make(n):
            if n > 3:
                return make(n - 1)
            return tf.zeros([n])
        print(make(5))  # unknown
        """,
        id="factory-that-calls-itself",
    ),
    pytest.param(
        """
        N = 3
        def make(n=N):
            return tf.zeros([n])
        N = 4
        print(make())  # tensor float32 (?,)
        """,
        id="factory-whose-default-changes",
    ),
    pytest.param(
        """
        def make(sizes):
            sizes.append(4)
            return tf.zeros(sizes)
        print(make([2]))  # tensor float32 ?
        """,
        id="factory-that-changes-its-argument",
    ),
    pytest.param(
        """
        def make(count):
            n = count()
            return tf.zeros([n])
        a, b = make(eval("lambda: 3")), make(eval("lambda: 4"))
        print(a)  # tensor float32 (?,)
        print(tf.concat([a, b], 0))  # tensor float32 (?,)
        """,
        id="two-calls-of-a-factory",
    ),
    pytest.param(
        """
        make = lambda n, dtype=tf.float32: tf.Variable(tf.zeros([n], dtype))
        print(make(3))  # tf-variable float32 (3,) plain
        print(make(4, tf.int32))  # tf-variable int32 (4,) plain
        class Maker:
            make = lambda self, n=3: tf.Variable(tf.zeros([n]))
            def __init__(self):
                self.own = lambda n: tf.zeros([n])
            def show(self):
                print(self.make(5))  # tf-variable float32 (?,) plain
                print(self.own(5))  # tensor float32 (?,)
        Maker().show()
        """,
        id="lambda",
    ),
    pytest.param(
        """
        n = 3
        make = lambda: tf.zeros([n])
        n = 4
        print(make())  # tensor float32 (?,)
        k = 1
        makers = [lambda: k for k in (5, 6)]
        print(makers[0]())  # unknown
        """,
        id="lambda-whose-names-change",
    ),
    pytest.param(
        """
        def make(n):
            inner = lambda: tf.zeros([n])
            return inner()
        print(make(3))  # tensor float32 (?,)
        print(make(4))  # tensor float32 (?,)
        def outer(n):
            return lambda: tf.zeros([n])
        print(outer(3)())  # tensor float32 (?,)
        print(outer(4)())  # tensor float32 (?,)
        """,
        id="lambda-in-a-factory",
    ),
    pytest.param(
        """
        make = (lambda: tf.zeros([2])) if len("a") else (lambda: np.zeros(2))
        print(make())  # unknown
        back = lambda n: back(n - 1) if n else tf.zeros([2])
        print(back(2))  # unknown
        numbers = lambda: ((yield 3), tf.zeros([2]))[1]
        print(numbers())  # unknown
        """,
        id="lambdas-that-are-not-followed",
    ),
    pytest.param(
        """
        def one():
            return tf.zeros([2, 3]), 1
        def two():
            return tf.ones([2, 4]), 2
        def pick(p):
            print(tf.cond(p, lambda: tf.zeros([3]), lambda: tf.ones([3])))  # tensor float32 (3,)
            print(tf.cond(p, true_fn=one, false_fn=two)[0])  # tensor float32 (2, ?)
            print(tf.cond(p, one, two)[1])  # unknown
            print(tf.cond(p, lambda: tf.zeros([3]), lambda: tf.zeros([3], tf.int32)))  # tensor ?
            print(tf.cond(p, lambda: 1, lambda: 2))  # unknown
            print(tf.cond(p, lambda: [tf.zeros([3])], lambda: [tf.ones([3])]))  # unknown
            print(tf.cond(p, lambda: tf.zeros([3]), eval("lambda: tf.ones([3])")))  # unknown
        pick(tf.constant(True))
        v = tf.Variable([1.0])
        print(tf.cond(tf.constant(True), lambda: v, lambda: v))  # unknown
        """,
        id="cond",
    ),
    pytest.param(
        """
        class Base:
            def make(self, n):
                return tf.Variable(tf.zeros([n]))
            def show(self):
                print(self.make(3))  # unknown
        class Sub(Base):
            def make(self, n):
                return np.zeros(n)
        Sub().show()
        """,
        id="factory-that-is-overridden",
    ),
]


CHECKS = [
    pytest.param(
        """
        @tf.function(input_signature=[tf.TensorSpec(None)])
        def show(x):
            print(x)  # unknown
            x = tf.convert_to_tensor(x)
            tf.debugging.assert_type(x, tf.float32)
            print(x)  # tensor float32 ?
        show(tf.zeros([2, 3]))
        """,
        id="dtype-that-is-asserted",
    ),
    pytest.param(
        """
        def show(x: tf.Tensor, y: tf.Tensor, z: np.ndarray, v: tf.Variable):
            if x.dtype != tf.float32 or z.dtype != np.int64:
                raise TypeError
            print(x)  # tensor float32 ?
            print(z)  # ndarray int64 ?
            if v.dtype == tf.int32:
                print(v)  # tf-variable int32 ?
            if y.dtype == x.dtype:
                print(y)  # tensor float32 ?
            else:
                print(y)  # tensor ? ?
        show(tf.zeros([2]), tf.zeros([2], tf.int32), np.arange(3), tf.Variable(1))
        show(tf.zeros([2]), tf.zeros([2]), np.arange(3), tf.Variable(1))
        """,
        id="dtype-that-is-compared",
    ),
    pytest.param(
        """
        import keras
        def show(weight: keras.Variable):
            assert weight.dtype == "float32"
            if weight.dtype == tf.float32:
                print(weight)  # keras3-variable ?
            with keras.src.backend.AutocastScope("float16"):
                if weight.dtype != "float16":
                    raise TypeError
                print(weight)  # keras3-variable ?
        try:
            show(keras.Variable([1.0]))
        except TypeError:
            pass
        """,
        id="dtype-of-a-weight-that-is-read-in-another",
    ),
    pytest.param(
        """
        def show(x: tf.Tensor, y: tf.Tensor, z: np.ndarray):
            if x.shape.rank != 2 or len(y.shape) != 1 or z.ndim != 0:
                raise ValueError
            print(x)  # tensor ? (?, ?)
            print(y)  # tensor ? (?,)
            print(z)  # ndarray ? ()
        show(tf.zeros([2, 3]), tf.zeros([2]), np.array(3))
        def other(x: tf.Tensor):
            if x.shape.rank > 1:
                print(x)  # tensor ? ?
            if x.shape[0] == 2:
                print(x)  # tensor ? ?
        other(tf.zeros([2, 3]))
        """,
        id="rank-that-is-compared",
    ),
    pytest.param(
        """
        @tf.function(input_signature=[tf.TensorSpec(None)], jit_compile=True)
        def compiled(x):
            x = tf.convert_to_tensor(x)
            tf.debugging.assert_rank(x, 2)
            tf.debugging.assert_equal(tf.shape(x)[0], 3)
            tf.debugging.assert_shapes([(x, (3,))])
            return x
        x = compiled(tf.zeros([4]))
        print(x)  # tensor ? ?
        """,
        id="what-is-asserted-when-it-runs-is-not-checked-by-xla",
    ),
    pytest.param(
        """
        @tf.function(input_signature=[tf.TensorSpec(None)])
        def declared(x):
            x = tf.identity(x)
            x.set_shape([3])
            return x
        x = declared(tf.zeros([4]))
        print(x)  # tensor ? ?
        """,
        id="what-is-declared-of-a-graph-is-not-checked",
    ),
    pytest.param(
        """
        def show(x: tf.Tensor, n):
            x = tf.ensure_shape(x, [n])
            print(tf.range(tf.shape(x)[0]))  # tensor int32 (?,) low=0 high=None
        show(tf.zeros([3]), None)
        """,
        id="what-is-ensured-may-be-nothing",
    ),
    pytest.param(
        """
        @tf.function(input_signature=[tf.TensorSpec(None)], jit_compile=True)
        def ensured(x):
            return tf.ensure_shape(x, [4, None])
        print(ensured(tf.zeros([4, 2])))  # tensor ? (4, ?)
        try:
            ensured(tf.zeros([3, 2]))
        except tf.errors.InvalidArgumentError:
            print("refused")  # str
        """,
        id="what-is-ensured-is-checked-by-xla-as-well",
    ),
]

SYMBOLS = [
    pytest.param(
        """
        class Buffer:
            def __init__(self, n, d):
                self.v = tf.Variable(tf.zeros((n, d)))
            def add(self, k: int):
                n, d = self.v.shape
                same = [
                    self.v.shape[0], self.v.shape.as_list()[0], self.v.get_shape()[0], n,
                    tf.shape(self.v)[0], len(self.v.numpy()), len(self.v[:, 0].numpy()),
                ]
                print([k % length for length in same[:4]])  # list
                print(k % self.v.shape[0])  # int low=0 high=n@5:23
                print(k % self.v.shape.as_list()[0])  # int low=0 high=n@5:23
                print(k % self.v.get_shape()[0])  # int low=0 high=n@5:23
                print(k % n)  # int low=0 high=n@5:23
                print(tf.range(tf.shape(self.v)[0]))  # tensor int32 (?,) low=0 high=n@5:23
                print(tf.range(tf.size(self.v[:, 0])))  # tensor int32 (?,) low=0 high=n@5:23
                print(np.arange(len(self.v.numpy())))  # ndarray int64 (?,) low=0 high=n@5:23
                print(np.random.randint(self.v.shape[0]))  # int low=0 high=n@5:23
                print(k % self.v.shape[1])  # int low=0 high=d@5:26
        Buffer(4, 2).add(7)
        """,
        id="lengths-of-one-axis",
    ),
    pytest.param(
        """
        def show(x: tf.Tensor):
            batch = tf.shape(x)[0]
            print(tf.range(batch))  # tensor int32 (?,) low=0 high=batch@5:4 distinct
            y = tf.zeros([batch, 3])
            print(tf.range(tf.shape(y)[0]))  # tensor int32 (?,) low=0 high=batch@5:4
            batch = batch - 1
            print(tf.range(batch))  # tensor int32 (?,) low=0 high=batch@5:4-1
        show(tf.zeros([4, 2]))
        """,
        id="length-that-is-a-tensor",
    ),
    pytest.param(
        """
        def show(x: tf.Tensor):
            for turn in range(2):
                batch = tf.shape(x)[turn]
                print(tf.range(batch))  # tensor int32 (?,) low=0 high=None distinct
        show(tf.zeros([4, 2]))
        """,
        id="another-length-in-each-turn",
    ),
    pytest.param(
        """
        class Buffer:
            def __init__(self):
                self.v = tf.Variable(tf.zeros([5]))
                self.i, self.j, self.k, self.m = 0, 0, 0, 0
            def add(self):
                print(self.i)  # int low=0 high=5
                print(self.j)  # int low=0 high=5
                print(self.k)  # int low=None high=None
                print(self.m)  # unknown
                self.i = (self.i + 1) % 5
                self.j = (self.j + 2) % self.v.shape[0]
                self.k += 1
                self.m = (self.m + 1) % eval("2.5")
        buffer = Buffer()
        for turn in range(7):
            buffer.add()
        """,
        id="counters",
    ),
    pytest.param(
        """
        class Buffer:
            def __init__(self, n):
                self.v = tf.Variable(tf.zeros([n]))
                self.i = 0
            def add(self, k: int):
                print(self.i)  # int low=0 high=None
                self.i = (self.i + 1) % self.v.shape[0]
                self.j = k % self.v.shape[0]
            def show(self):
                print(self.j)  # int low=0 high=n@5:23
        buffer = Buffer(3)
        for turn in range(4):
            buffer.add(7)
        buffer.show()
        """,
        id="counter-of-an-axis-that-may-be-empty",
    ),
    pytest.param(
        """
        class Buffer:
            def put(self, n: int, first: bool):
                if first:
                    self.places = tf.range(tf.shape(tf.zeros([n]))[0])
                else:
                    self.rows = tf.zeros([n])
            def show(self):
                print(self.places)  # tensor int32 (?,) low=0 high=None distinct
                print(tf.range(tf.shape(self.rows)[0]))  # tensor int32 (?,) low=0 high=None
        buffer = Buffer()
        buffer.put(4, True)
        buffer.put(3, False)
        buffer.show()
        """,
        id="two-calls-of-a-method",
    ),
    pytest.param(
        """
        class Buffer:
            def __init__(self, n):
                self.v = tf.Variable(tf.zeros([n]))
            def resize(self, n):
                self.v = tf.Variable(tf.zeros([n]))
            def add(self, k: int):
                self.i = k % self.v.shape[0]
            def show(self):
                print(self.i)  # unknown
                print(self.v.shape[0])  # unknown
        buffer = Buffer(9)
        buffer.add(7)
        buffer.resize(3)
        buffer.show()
        """,
        id="index-that-outlives-its-axis",
    ),
]


TOO_EARLY = [
    pytest.param(
        """
        def f(c):
            if c:
                print(t)  # unknown
            t = tf.zeros([5])
            print(t)  # tensor float32 (5,)
        """,
        id="local-name",
    ),
    pytest.param(
        """
        def f(c):
            if c:
                t = tf.zeros([5])
            else:
                print(t)  # unknown
            print(t)  # tensor float32 (5,)
        """,
        id="other-branch",
    ),
    pytest.param(
        """
        def f(c):
            try:
                print(t)  # unknown
            finally:
                t = tf.zeros([5])
        """,
        id="clause-after",
    ),
    pytest.param(
        """
        def f(c):
            match c:
                case 0:
                    print(t)  # unknown
                case 1:
                    t = tf.zeros([5])
            print(t)  # tensor float32 (5,)
        """,
        id="other-case",
    ),
    pytest.param(
        """
        def f(c):
            for _ in c:
                print(t)  # unknown
            t = tf.zeros([5])
        """,
        id="loop-before",
    ),
    pytest.param(
        """
        def f(c):
            for _ in c:
                for _ in c:
                    print(t)  # tensor float32 (5,)
                    u = t
                    v = [t for _ in c]
                t = tf.zeros([5])
            print(u)  # tensor float32 (5,)
            for x in v:
                print(x)  # tensor float32 (5,)
        """,
        id="turn-before",
    ),
    pytest.param(
        """
        def f(c):
            [print(t) for _ in c]  # unknown
            while c:
                [print(t) for _ in c]  # tensor float32 (5,)
                t = tf.zeros([5])
        """,
        id="comprehension",
    ),
    pytest.param(
        """
        t = tf.zeros([3])
        def f(c):
            print(t)  # tensor float32 (3,)
            return [t for t in c]
        """,
        id="name-of-a-comprehension-alone",
    ),
    pytest.param(
        """
        def f(c):
            def g():
                nonlocal t
                t = tf.ones([5])
            if c:
                g()
                print(t)  # tensor float32 (5,)
            t = tf.zeros([5])
        """,
        id="nonlocal",
    ),
    pytest.param(
        """
        def f():
            global t
            t = tf.ones([5])
        if tf is None:
            f()
            print(t)  # tensor float32 (5,)
        t = tf.zeros([5])
        """,
        id="global",
    ),
    pytest.param(
        """
        def f():
            print(t)  # tensor float32 (5,)
        if tf is None:
            print(t)  # unknown
        t = tf.zeros([5])
        """,
        id="name-of-the-module",
    ),
    pytest.param(
        """
        def f(c):
            def g():
                print(t)  # tensor float32 (5,)
            t = tf.zeros([5])
            later = lambda: print(t)  # tensor float32 (5,)
        """,
        id="function-that-runs-later",
    ),
    pytest.param(
        """
        kept = {}
        def f(c):
            kept[c] = 1
            print(kept)  # dict
            def g():
                found.append(c)
                print(found)  # list
            found = []
        """,
        id="only-changed-here",
    ),
    pytest.param(
        """
        def f(t: "tf.Tensor", u: "here.Tensor"):
            import tensorflow as here
            print(t)  # tensor
            print(u)  # tensor
        """,
        id="annotation-by-a-name-of-the-function",
    ),
    pytest.param(
        """
        def f(c):
            while c:
                if c > 1:
                    print(g)  # function
                def g():
                    return 1
        """,
        id="function-of-the-turn-before",
    ),
    pytest.param(
        """
        print(len)  # function
        len = tf.zeros([5])
        """,
        id="name-of-a-builtin",
    ),
    pytest.param(
        """
        t = tf.zeros([3])
        class A:
            print(t)  # tensor float32 (3,)
            t = 5
        """,
        id="class-body",
    ),
]

LAYERS = [
    pytest.param(
        """
        import keras
        layer = keras.layers.Dense(4)
        layer.build((2, 3))
        print(layer.kernel)  # keras3-variable
        print(layer.bias)  # keras3-variable optional
        table = keras.layers.Embedding(10, 4)
        table.build()
        print(table.embeddings)  # keras3-variable
        print(table.name)  # unknown
        for weight in layer.trainable_variables:
            print(weight)  # keras3-variable
        """,
        id="keras-3",
    ),
    pytest.param(
        """
        import tf_keras
        layer = tf_keras.layers.Dense(4)
        layer.build((2, 3))
        print(layer.kernel)  # keras2-weight
        print(layer.bias)  # keras2-weight optional
        for weight in layer.weights:
            print(weight)  # keras2-weight
        """,
        id="keras-2",
    ),
    pytest.param(
        """
        import keras
        layer = keras.layers.Dense(4)
        layer.build((2, 3))
        layer.enable_lora(2)
        print(layer.kernel)  # unknown
        """,
        id="adapted-kernel",
    ),
    pytest.param(
        """
        import keras
        class Model(keras.Model):
            def __init__(self):
                super().__init__()
                self.dense = keras.layers.Dense(3)
            def show(self):
                self.dense.build((1, 2))
                print(self.dense.kernel)  # keras3-variable
                print(self.trainable_variables[0])  # keras3-variable
        Model().show()
        """,
        id="layer-of-a-model",
    ),
    pytest.param(
        """
        class Module(tf.Module):
            def __init__(self):
                super().__init__()
                self.v = tf.Variable([1.0])
        module = Module()
        print(module.trainable_variables[0])  # tf-variable plain=False
        for v in module.variables:
            print(v)  # tf-variable plain=False
        """,
        id="module",
    ),
    pytest.param(
        """
        class Module(tf.Module):
            @property
            def variables(self):
                return [np.zeros(3)]
        print(Module().variables[0])  # unknown ? ?
        """,
        id="module-with-variables-of-its-own",
    ),
    pytest.param(
        """
        import collections
        Base = eval("type('Base', (), {'variables': [1]})")
        class Module(Base, tf.Module):
            pass
        print(Module().variables[0])  # unknown
        """,
        id="module-with-an-unknown-base",
    ),
]


@pytest.mark.parametrize("program", ALIASES)
def test_what_changes_under_another_name(program: str) -> None:
    _check(program)


@pytest.mark.parametrize("program", CONTAINERS)
def test_what_containers_hold(program: str) -> None:
    _check(program)


@pytest.mark.parametrize("program", ANNOTATIONS)
def test_what_annotations_say(program: str) -> None:
    _check(program)


@pytest.mark.parametrize("program", TESTS)
def test_what_a_test_says(program: str) -> None:
    _check(program)


@pytest.mark.parametrize("program", RESULTS)
def test_what_functions_return(program: str) -> None:
    _check(program)


@pytest.mark.parametrize("program", CHECKS)
def test_what_is_checked_when_code_is_traced(program: str) -> None:
    _check(program)


@pytest.mark.parametrize("program", SYMBOLS)
def test_what_is_the_same_number(program: str) -> None:
    _check(program)


@pytest.mark.parametrize("program", TOO_EARLY)
def test_what_is_read_before_it_is_bound(program: str) -> None:
    # Most of it raises if it runs, so that only what is claimed can be looked at.
    found = probes(program)
    assert [described(probe.claim, probe.expected) for probe in found] == [
        probe.expected for probe in found
    ]


@pytest.mark.parametrize("program", LAYERS)
def test_what_layers_hold(program: str) -> None:
    _check(program)


def _check(program: str) -> None:
    found = probes(program)
    assert [described(probe.claim, probe.expected) for probe in found] == [
        probe.expected for probe in found
    ]
    for probe in found:
        assert probe.real, probe.text
        assert probe.contradictions == [], probe.text
