"""What the trees of a file show of changes in part, its bytes have to show as well."""

from __future__ import annotations

import ast
import sys

import pytest

from tflint_slice.syntax.byte_spots import may_change_parts
from tflint_slice.syntax.spots import spots_of
from tflint_slice.syntax.tensor_rebuilds import rebuilt
from tflint_slice.syntax.variable_stores import changed_parts

CHANGES = [
    pytest.param("x[0] = 1", id="item"),
    pytest.param("x[0]=1", id="no-blanks"),
    pytest.param("x[0] \\\n = 1", id="line-that-goes-on"),
    pytest.param("x[0] \\\r\n = 1", id="line-that-goes-on-in-a-file-of-windows"),
    pytest.param("(x[0]) = 1", id="in-parentheses"),
    pytest.param("(x[0] # why\n) = 1", id="comment-in-parentheses"),
    pytest.param("x[0] >>= 1", id="shifted"),
    pytest.param("x[0] **= 1", id="power"),
    pytest.param("x[0] @= y", id="matrix-product"),
    pytest.param("x[0], y = 1, 2", id="first-of-several"),
    pytest.param("x[f(0)], y = 1, 2", id="first-of-several-behind-a-call"),
    pytest.param("y, x[0] = 1, 2", id="last-of-several"),
    pytest.param("y, x[0], z = 1, 2, 3", id="between-others"),
    pytest.param("(x[0], y) = 1, 2", id="first-in-parentheses"),
    pytest.param("(x[0],\n y) = 1, 2", id="several-rows"),
    pytest.param("(x[0], y), z = (1, 2), 3", id="nested-and-first"),
    pytest.param("[x[0], y] = 1, 2", id="in-a-list"),
    pytest.param("[x[0], y], z = (1, 2), 3", id="in-a-list-and-first"),
    pytest.param("*x[0], y = 1, 2", id="starred"),
    pytest.param("y = x[0] = 1", id="last-of-a-chain"),
    pytest.param("x[0] = y = 1", id="first-of-a-chain"),
    pytest.param("x[0]: int = 1", id="annotated"),
    pytest.param("for x[0] in y: pass", id="for"),
    pytest.param("for a, x[0] in y: pass", id="for-several"),
    pytest.param("for (a,\n x[0]) in y: pass", id="for-several-rows"),
    pytest.param("z = [0 for x[0] in y]", id="comprehension"),
    pytest.param("with f() as x[0]: pass", id="with"),
    pytest.param("with f()as x[0]: pass", id="with-no-blank"),
    pytest.param("with f() as (a, x[0]): pass", id="with-several"),
    pytest.param("with (f() as a.b[0]): pass", id="with-in-parentheses"),
    pytest.param("del x[0]", id="del"),
    pytest.param("del (\n x[0])", id="del-several-rows"),
    pytest.param("del a['b'], x[0]", id="del-behind-a-key"),
    pytest.param("if x: y[0] = 1", id="behind-if"),
    pytest.param("if '(' in x: y[0] = 1", id="behind-a-bracket-in-a-text"),
    pytest.param("if (a and\n b): x[0] = 1", id="behind-a-test-of-two-rows"),
    pytest.param("if a and \\\n b: x[0] = 1", id="behind-a-test-that-goes-on"),
    pytest.param("def f(x: List[int] = 1): x[0] = 1", id="body-beside-its-head"),
    pytest.param("def f(y=0): x[0] = 1", id="body-beside-its-head-and-a-default"),
    pytest.param("while x: y = 1; z[0] = 1", id="behind-a-semicolon"),
    pytest.param("x['a', 0] = 1", id="key-and-index"),
    pytest.param("x[0, 'a'] = 1", id="index-and-key"),
    pytest.param("x[y == 'a'] = 1", id="comparison-with-a-text"),
    pytest.param("x['a'][0] = 1", id="item-of-an-entry"),
    pytest.param("x[r] = 1", id="name-that-may-begin-a-text"),
    pytest.param("x[b# why\n] = 1", id="such-a-name-before-a-comment"),
    pytest.param("x[f\\\n] = 1", id="such-a-name-on-a-line-that-goes-on"),
    pytest.param("x[\n  0\n] = 1", id="index-on-a-row-of-its-own"),
    pytest.param("x[a[0]:b] = 1", id="slice"),
    pytest.param("x['''\n''' + y] = 1\nz[0] = 1", id="text-of-two-rows"),
    pytest.param("x = \"it's\"; y[0] = 'don\\'t'", id="quotes-in-texts"),
    pytest.param("self.x += 1", id="attribute"),
    pytest.param("(self.x) += 1", id="attribute-in-parentheses"),
    pytest.param("self . x //= 1", id="attribute-with-blanks"),
    pytest.param("self.x = self.x + 1", id="attribute-of-itself"),
    pytest.param("self.x = (1 +\n  self.x)", id="attribute-of-itself-in-two-rows"),
    pytest.param("self.x = f('(', 1) + self.x", id="attribute-behind-a-bracket-in-a-text"),
    pytest.param("self.x = f(\n  y=1) + self.x", id="attribute-behind-a-keyword"),
    pytest.param("self.a = self.b = self.a * 2", id="first-attribute-of-a-chain"),
    pytest.param("v.batch_scatter_update(x)", id="scatter"),
    pytest.param("v[0].assign(x)", id="method-of-a-slice"),
    pytest.param("(v[0] ).assign(x)", id="method-of-a-slice-in-parentheses"),
    pytest.param("v.assign(tf.where(m, x, v))", id="value-put-together"),
    pytest.param("x = tf.one_hot(0, 9)\nv.assign(v + x)", id="value-put-together-before"),
    pytest.param("v.assign([f(x) for x in y])", id="value-that-is-a-list"),
    pytest.param("v.assign(getattr(tf, 'where')(m, x, v))", id="value-of-a-function-by-its-name"),
    pytest.param("tf.compat.v1.assign(v[0], x)", id="function-that-is-given-a-slice"),
    pytest.param("from tensorflow.compat.v1 import (\n a,\n assign)\nassign(v, x)", id="imported"),
    pytest.param("f = tf.compat.v1.assign\nimport tensorflow as tf\nf(v, x)", id="by-another-name"),
    pytest.param(
        "from tensorflow.compat import v1\nf = v1.assign\n(a, b) = y\nf(v[0], x)",
        id="by-another-name-before-a-parenthesis",
    ),
    pytest.param("for i in y: v.assign(x)", id="method-in-a-loop"),
    pytest.param("for i in y:\n  f(\nv.assign(x))", id="method-in-a-loop-far-to-the-left"),
    pytest.param("for i in y:\n\tw = x\n\tv.assign(x)", id="method-in-a-loop-behind-tabs"),
    pytest.param("print(f'{v[0].assign_add(x)=}')", id="method-in-an-f-string"),
    pytest.param("print(f'{a:{v.assign(tf.where(m, x, v))}}')", id="method-in-its-format"),
    pytest.param("x[str] = 1", id="index-that-is-a-name-of-a-type"),
    pytest.param("x[str(a), 0] = 1", id="key-that-is-computed-and-index"),
    pytest.param("x[str(a)[0]] = 1", id="letter-of-a-text"),
    pytest.param("x['a' + b if c else 0] = 1", id="choice-of-a-text-or-an-index"),
    pytest.param("x['ab'.index(b)] = 1", id="place-in-a-text"),
    pytest.param("x['a' * b] = 1", id="text-many-times"),
    pytest.param("[x[0], y[f(1)]] = 1, 2", id="items-in-a-list"),
    pytest.param("x[y['a']] = 1", id="index-by-a-key"),
    pytest.param("a['b'], x[0] = 1, 2", id="behind-a-key"),
    pytest.param("self.x = self.y[0] + self.x", id="attribute-of-itself-behind-an-item"),
    pytest.param("self.x = y = (self.x + 1)", id="attribute-of-a-chain-in-parentheses"),
    pytest.param("a['b'], x[0], y = 1, 2, 3", id="behind-a-key-and-before-others"),
    pytest.param("f([a], 0); x[0], y = 1, 2", id="behind-a-call-with-a-list"),
    pytest.param("assert a; x[0], y = 1, 2", id="behind-an-assertion"),
    pytest.param("[x[0],\n y] = 1, 2", id="items-in-a-list-of-two-lines"),
    pytest.param("[x[0]\n, y] = 1, 2", id="comma-on-the-next-line"),
    pytest.param("z, [x[0],\n y] = 1, (2, 3)", id="items-in-a-list-behind-others"),
    pytest.param("(x[0],\n(y)) = 1, 2", id="last-one-in-parentheses"),
    pytest.param("(x[0],\n(y)), z = (1, 2), 3", id="last-one-in-parentheses-before-others"),
    pytest.param("(x[0]\n), y = [1], 2", id="parenthesis-on-the-next-line"),
    pytest.param("(x[0],\n y), (a,\n b) = z", id="two-pairs-on-lines"),
    pytest.param("x[0], [y,\n z] = 1, (2, 3)", id="before-a-list-on-lines"),
    pytest.param("x[0], y[\n'a'] = 1, 2", id="before-a-key-on-lines"),
    pytest.param("x[0]: (\nfloat) = 1.0", id="annotation-in-parentheses"),
    pytest.param("x[0]: List[\nfloat] = 1.0", id="annotation-on-lines"),
    pytest.param("if y[\n0] > 1: x[0] = 1", id="behind-a-condition-on-lines"),
    pytest.param("for x[0 if a in b else 1] in y: pass", id="for-with-a-test-in-the-index"),
    pytest.param("f'{[a for x[0] in y]}'", id="turns-in-an-f-string"),
    pytest.param("f'{(v.assign)(tf.where(m, x, v))}'", id="method-in-parentheses-in-an-f-string"),
    pytest.param("a = v.numpy()\na.fill(0)", id="method-of-a-copy"),
    pytest.param("from numpy import put\na = v.numpy()\n(put)(a, 0, 1)", id="put-in-parentheses"),
    pytest.param("from numpy import put as p\na = v.numpy()\np(a, 0, 1)", id="renamed-function"),
    pytest.param("import numpy as np\nf = np.copyto\nf(np.array(v), 0)", id="function-by-a-name"),
    pytest.param("if a: (x[0], y), z = b", id="nested-behind-if"),
    pytest.param("a = (x[0], y), z = b", id="nested-in-a-chain"),
    pytest.param("(x[0],\n y), z = b", id="nested-in-several-rows"),
    pytest.param("[x[0],\n y], z = b", id="nested-list-in-several-rows"),
    pytest.param("x[0] \\\n , y = 1, 2", id="first-of-several-on-lines-that-go-on"),
    pytest.param("a = \\\n (x[0], y), z = b", id="nested-on-a-line-that-goes-on"),
    pytest.param("x[0]\f: int = 1", id="annotated-behind-a-form-feed"),
    pytest.param("(x\n[0]) += 1", id="changed-on-rows"),
    pytest.param("x[0]: (\n int\n) = 1", id="annotated-on-rows"),
    pytest.param("(\nx[0]\n): int = 1", id="annotated-in-parentheses-on-rows"),
    pytest.param("(x[0]): {\n 1\n} = 1", id="annotated-in-parentheses"),
    pytest.param("x[0]: y == 1 = 1", id="annotated-with-a-comparison"),
    pytest.param("if a in {\n 1: 2}: x[0] = 1", id="behind-a-dictionary-of-two-rows"),
    pytest.param("for [a,\n x[0]] in y: pass", id="for-a-list-of-several-rows"),
    pytest.param("z = [0 for\n x[0] in y]", id="comprehension-of-several-rows"),
    pytest.param("with f()\tas x[0]: pass", id="with-and-a-tab"),
    pytest.param("with y[0]as x[0]: pass", id="with-behind-a-bracket"),
    pytest.param("with f() as v.numpy()[0]: pass", id="with-an-item-of-a-call"),
    pytest.param("with f() as [a, x[0]]: pass", id="with-a-list"),
    pytest.param("with f() as (\n a,\n g(b)[0]): pass", id="with-several-rows"),
    pytest.param("with f() as \\\n x[0]: pass", id="with-a-line-that-goes-on"),
    pytest.param("del (a), x[0]", id="del-behind-parentheses"),
    pytest.param("del (f(a)[0],\n b)", id="del-an-item-of-a-call"),
    pytest.param("self.\\\nx += 1", id="attribute-on-the-next-line"),
    pytest.param("(self.  # why\n x) += 1", id="attribute-behind-a-comment"),
    pytest.param("self.x = self.\\\nx + 1", id="attribute-of-itself-on-the-next-line"),
    pytest.param("self.ä = self.ä + 1", id="attribute-with-an-umlaut"),
    pytest.param("a = 1  # why\rx[0] = 1", id="line-ends-of-old"),
    pytest.param("a = 'b\\\r\nc'; x[0] = 'd'", id="text-that-goes-on-in-a-file-of-windows"),
    pytest.param("a = v.numpy()\na.\\\nfill(0)", id="method-on-the-next-line"),
]

NONE = [
    pytest.param("x['a'] = 1", id="key"),
    pytest.param("x[f'{a}'] = b[0]", id="key-that-is-computed"),
    pytest.param("x['a' 'b'] = 1", id="key-of-two-texts"),
    pytest.param("x: List[int] = []", id="annotated-name"),
    pytest.param("def f(x: List[int] = 1, y: Dict[str, int] = None): pass", id="parameter"),
    pytest.param("def f(\n    x: Optional[int] = None,\n): pass", id="parameter-on-a-row"),
    pytest.param("y = f(x[0], z=1)", id="argument"),
    pytest.param("y = f(\n    x[0], z=1)", id="argument-on-a-row"),
    pytest.param("y = x[0] == 1", id="comparison"),
    pytest.param("assert x[0], y != z", id="assertion"),
    pytest.param("'''x[0] = 1'''", id="text"),
    pytest.param("y = 1  # x[0] = 1", id="comment"),
    pytest.param("self.x = x + 1", id="attribute-of-a-name"),
    pytest.param("self.x = x\nself.y = self.x + 1", id="attribute-in-the-next-statement"),
    pytest.param("del x['a']", id="del-of-a-key"),
    pytest.param("for a in x[0]: pass", id="for-over-an-item"),
    pytest.param("y = tf.concat([a, b], 0)", id="joined-of-others"),
    pytest.param("v.assign(x)", id="assigned-as-a-whole"),
    pytest.param("for v in y: f(v)\nv.assign(x)", id="assigned-behind-a-loop"),
    pytest.param("assignments, scatter_plots = 1, 2", id="names-like-those-of-methods"),
    pytest.param("x[str(a) + b] = 1", id="key-that-is-put-together"),
    pytest.param("x['%s' % (a[0])] = 1", id="key-that-is-formatted"),
    pytest.param("x['a'], y = 1, 2", id="key-among-others"),
    pytest.param("x: List[Dict[str, Tuple[int, ...]]] = []", id="annotated-with-several"),
    pytest.param("class A:\n  x: Tuple[Tuple[int], ...] = ()", id="annotated-in-a-class"),
    pytest.param("self.x = [a * 2 for a in self.y.x]", id="attribute-of-a-list"),
    pytest.param("x[f'{a.name()}'] = 1", id="key-of-a-call"),
    pytest.param("self.x = f(self.x, 1 + 2)", id="attribute-of-a-call"),
]


@pytest.mark.parametrize("text", CHANGES)
def test_a_change_is_seen(text: str) -> None:
    tree = ast.parse(text)
    spots = spots_of(tree)
    others = spots.items or spots.arrays or spots.attributes
    assert changed_parts(tree) or others, "there is none in the tree"
    assert may_change_parts(text.encode())


@pytest.mark.parametrize("text", NONE)
def test_nothing_is_taken_for_a_change(text: str) -> None:
    assert not changed_parts(ast.parse(text))
    assert not may_change_parts(text.encode())


REBUILT = [
    pytest.param("t = tf.concat([t[:1], x], 0)", id="concat"),
    pytest.param("t = tf.concat(\n  [x,\n t[1:]], 0)", id="rows"),
    pytest.param("t = (tf\n .concat([t[:1], x], 0))", id="function-on-a-row-of-its-own"),
    pytest.param("t: tf.Tensor = t0\nt = tf.stack([t[0], x])", id="annotated-before"),
    pytest.param("t = tf.stack([x if i else y for i, y in enumerate(t)])", id="comprehension"),
    pytest.param("t = tf.concat([(t)[:1], x], 0)", id="in-parentheses"),
    pytest.param("t = s = tf.where(tf.range(9) == 1, x, t)", id="chain"),
    pytest.param("t = (\ns) = tf.concat([t[:1], x], 0)", id="chain-on-lines"),
    pytest.param("m = tf.one_hot(1, 9) > 0\nt = tf.where(m, x, t)", id="mask-before"),
    pytest.param("t = tf.where(getattr(tf, 'range')(9) == 1, x, t)", id="mask-by-its-name"),
    pytest.param("t = lib().concat([t[:1], x], 0)", id="of-what-a-call-answers-with"),
    pytest.param("t = libs[0].concat([t[:1], x], 0)", id="of-an-item"),
    pytest.param("from tensorflow import concat as j\nt = j([t[:1], x], 0)", id="imported-as"),
    pytest.param("join = tf.concat\nt = join([t[:1], x], 0)", id="bound-to-a-name"),
    pytest.param("self.t = tf.zeros(9)\nself.t = tf.concat([self.t[:1], x], 0)", id="attribute"),
    pytest.param("t = concat([t[:1], x], 0)", id="name"),
    pytest.param("t \\\n = \\\n tf.where(tf.range(9) == 1, x, t)", id="lines-that-go-on"),
    pytest.param("t = tf.\\\nconcat([t[:1], x], 0)", id="function-on-the-next-line"),
    pytest.param("t = (tf  # why\n .concat([t[:1], x], 0))", id="function-behind-a-comment"),
    pytest.param("ät = tf.zeros(9)\nät = tf.concat([ät[:1], x], 0)", id="umlaut"),
    pytest.param("names = {'join': tf.concat}\nt = names['join']([t[:1], x], 0)", id="by-a-key"),
    pytest.param(
        "from tensorflow import concat\nn, join = 1, concat\nt = join([t[:1], x], 0)",
        id="imported-and-bound-among-others",
    ),
    pytest.param(
        "from tensorflow import concat\ndef lib():\n  return concat\nt = lib()([t[:1], x], 0)",
        id="imported-and-answered-with",
    ),
    pytest.param("n, join = 1, tf.concat\nt = join([t[:1], x], 0)", id="bound-among-others"),
    pytest.param(
        "n, join = 1, tf.concat\n(a) = 1\nt = join([t[:1], x], 0)", id="bound-before-a-parenthesis"
    ),
    pytest.param("for i in y: t = tf.concat([t, [i]], 0)", id="longer-in-a-loop"),
    pytest.param("while y:\n  if x:\n    t = tf.concat((x, t), 0)", id="longer-in-a-condition"),
    pytest.param("for i in y:\n  t = tf.concat([\nt], 0)", id="longer-on-rows"),
    pytest.param(
        "for i in y:\n  def f(): pass\n  t = tf.concat([t, [i]], 0)", id="longer-behind-a-function"
    ),
]
_BEFORE = "import tensorflow as tf\nt = tf.zeros(9)\n"


@pytest.mark.parametrize("text", REBUILT)
def test_what_is_made_of_itself_is_seen(text: str) -> None:
    assert [*rebuilt(ast.parse(_BEFORE + text))], "there is none in the tree"
    assert may_change_parts(text.encode())


KEPT = [
    pytest.param("t = tf.concat([t, x], 0)", id="longer-once"),
    pytest.param("for i in y: pass\nt = tf.concat([t, x], 0)", id="longer-behind-a-loop"),
    pytest.param("t = tf.stack([t, x])", id="stacked"),
    pytest.param("t = tf.where(t > 0, t, 0.0)", id="mask-of-no-positions"),
]


@pytest.mark.parametrize("text", KEPT)
def test_what_keeps_no_part_is_left_out(text: str) -> None:
    assert not [*rebuilt(ast.parse(_BEFORE + text))]
    assert not may_change_parts(text.encode())


NESTED = [
    pytest.param("a = f'{'#'}'; x[0] = 1", id="comment-sign"),
    pytest.param('a = f\'{\'"""\'}\'\nx[0] = 1\n"""b"""', id="three-quotes"),
    pytest.param("a = f'{\nb\n}'; x[0] = 1; y = 'c'", id="line-ends"),
]


@pytest.mark.parametrize("text", NESTED)
def test_strings_as_they_may_be_since_python_3_12(text: str) -> None:
    if sys.version_info >= (3, 12):
        assert spots_of(ast.parse(text)).items
    assert may_change_parts(text.encode())
