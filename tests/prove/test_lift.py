"""Lifting: what becomes an input, what becomes a hole, and what stays as it is written."""

from __future__ import annotations

import textwrap
from dataclasses import replace

import pytest
from proof_sites import FLOAT, MODULES, array, integer, tensor, variable

from tflint_slice.model import Kind, Operand, Site
from tflint_slice.prove.lift import lift

_DICT = Operand("", kind=Kind.DICT)


def _site(before: str, after: str = "pass", target: str = "v", **facts: Operand) -> Site:
    return Site(
        before,
        after,
        target,
        facts=tuple((name.replace("__", "."), fact) for name, fact in facts.items()),
        modules=(*MODULES, ("mine", "project.mine")),
    )


@pytest.mark.parametrize(
    ("site", "lifted"),
    [
        pytest.param(
            _site("self.v[self.i].assign(self.x)", target="self.v"),
            "def original(self_v, self_i, self_x):\n"
            "    last_value = self_v[self_i].assign(self_x)\n",
            id="attributes are inputs",
        ),
        pytest.param(
            _site("v.assign(f(g(x), y))"),
            "def original(v, x, y):\n    last_value = v.assign(f_call(g_call(x), y))\n",
            id="unknown calls are holes, their arguments are evaluated",
        ),
        pytest.param(
            _site("v.assign(mine.f(tf.add(x, mine.n)))"),
            "def original(v, x, mine_n):\n"
            "    last_value = v.assign(mine_f_call(tf.add(x, mine_n)))\n",
            id="other modules are no modules",
        ),
        pytest.param(
            _site("v.assign(tf.random.normal([2]))"),
            "def original(v):\n    last_value = v.assign(tf_random_normal_call([2]))\n",
            id="calls that are not pure",
        ),
        pytest.param(
            _site("v.assign(x.pop(i))"),
            "def original(v, i):\n    last_value = v.assign(x_pop_call(i))\n",
            id="methods of what is unknown",
        ),
        pytest.param(
            _site("v.assign(x.sum(axis=1) + y.numpy())", x=array("n")),
            "def original(v, x, y):\n    last_value = v.assign(x.sum(axis=1) + y.numpy())\n",
            id="methods of arrays, known or by their name",
        ),
        pytest.param(
            _site("v.assign(v.read_value() + v.dtype.max + len(v.shape))"),
            "def original(v):\n"
            "    last_value = v.assign(v.read_value() + v.dtype.max + len(v.shape))\n",
            id="the target stays itself",
        ),
        pytest.param(
            _site("v.assign(x[i] + y['k'] + z[1:, None] + d[k])", x=array("n"), d=_DICT),
            "def original(v, x, i, y_k, z, d_k):\n"
            "    last_value = v.assign(x[i] + y_k + z[1:, None] + d_k)\n",
            id="items of arrays and of containers",
        ),
        pytest.param(
            _site("v[i].assign(x[i])\nw.push(x)"),
            "def original(v, i, x):\n    v[i].assign(x[i])\n    last_value = w_push_call(x)\n",
            id="items of what also stands alone",
        ),
        pytest.param(
            _site("v.assign(x[f()])"),
            "def original(v, x):\n    last_value = v.assign(x[f_call()])\n",
            id="a call in brackets is evaluated",
        ),
        pytest.param(
            _site("for i, x in enumerate(xs):\n    v[i].assign(x * k)"),
            "def original(v, xs, k):\n"
            "    for (i, x) in enumerate(xs):\n        v[i].assign(x * k)\n",
            id="what a loop binds",
        ),
        pytest.param(
            _site("v.assign([f(i) for i in ix if i > low])"),
            "def original(v, ix, low):\n"
            "    last_value = v.assign([f_call(i) for i in ix if i > low])\n",
            id="what a comprehension binds",
        ),
        pytest.param(
            _site("a = v.numpy()\na[0] = x\nv.assign(a)\ndel a"),
            "def original(v, x):\n    a = v.numpy()\n    a[0] = x\n    v.assign(a)\n",
            id="temporaries are no inputs",
        ),
        pytest.param(
            _site("n = n + 1\nv[n].assign(x)"),
            "def original(v, n, x):\n    n = n + 1\n    last_value = v[n].assign(x)\n",
            id="a name that is read before it is bound",
        ),
        pytest.param(
            _site("self.n += 1\nself.log['k'] = v.assign(x)"),
            "def original(v, self_n, x, self_log_k):\n"
            "    self_n += 1\n    self_log_k = v.assign(x)\n",
            id="stores into the surroundings",
        ),
        pytest.param(
            _site("v[i] = w.numpy()[0]", w=variable(3), v=variable(3)),
            "def original(v, w, i):\n    v[i] = w[0]\n",
            id="in NumPy's terms tensors are arrays",
        ),
        pytest.param(
            _site("return v.assign(input)", input=tensor()),
            "def original(v, input):\n    returned_value = v.assign(input)\n",
            id="names that built-ins have as well",
        ),
        pytest.param(
            _site("v.assign(self_x + self.x)"),
            "def original(v, self_x, self_x_):\n    last_value = v.assign(self_x + self_x_)\n",
            id="identifiers do not clash",
        ),
    ],
)
def test_lifted(site: Site, lifted: str) -> None:
    after = site.before if site.before.startswith("return") else "pass"
    result = lift(Site(**{**vars(site), "after": after, "dead": ("i", "x")}))
    source = result.source(result.original, "original")
    assert source.rpartition("    return ")[0].replace("for i, x in", "for (i, x) in") == lifted


@pytest.mark.parametrize(
    ("before", "after", "outputs"),
    [
        pytest.param("v.assign(x)", "v.assign(x + 0)", [], id="nothing but the target"),
        pytest.param("y = v.assign(x)", "y = v.assign(x)", ["y"], id="bound on both sides"),
        pytest.param("y = f(x)\nv.assign(y)", "v.assign(f(x))", ["y"], id="a name that is lost"),
        pytest.param("d = f(x)\nv.assign(d)", "v.assign(f(x))", [], id="a temporary that dies"),
        pytest.param("self.y = x", "v.assign(x)", ["self_y"], id="a store that is lost"),
        pytest.param("return v.assign(x)", "return v.assign(x)", ["returned_value"], id="returned"),
        pytest.param("v = tf.add(v, x)", "v = tf.add(x, v)", ["v"], id="the target rebound"),
    ],
)
def test_what_is_compared_besides_the_target(before: str, after: str, outputs: list[str]) -> None:
    lifted = lift(replace(_site(before, after, x=FLOAT), dead=("d",)))
    assert [label for label, _, _ in lifted.outputs] == outputs


def test_a_call_in_the_same_words_is_the_same_hole() -> None:
    lifted = lift(_site("v.assign(f(x) + f(y))", "v.assign(f(x) + f(v))"))
    assert [hole.text for hole in lifted.holes] == ["f(x)", "f"]
    assert lifted.source(lifted.fixed, "fixed") == textwrap.dedent(
        """\
        def fixed(v, x, y):
            last_value = v.assign(f_call(x) + f_call_(v))
            return []
        """
    )


def test_item_assignment_to_a_variable_is_its_own_reference() -> None:
    on_variable = lift(_site("v[i] = x", "v[i].assign(x)", v=variable(4), i=integer()))
    on_array = lift(_site("v[i] = x", "v[i] = x", v=array(4), i=integer()))
    assert (on_variable.by_reference, on_array.by_reference) == (True, False)
