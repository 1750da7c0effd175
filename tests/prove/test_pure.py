"""The table of pure calls and the guards, held against the TensorFlow that is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tflint_slice.prove import pure

_MISSING = """
import importlib, json, sys
from tflint_slice.prove import pure

def missing(module, names):
    found = []
    for name in sorted(names):
        value = importlib.import_module(module)
        for part in name.split("."):
            value = getattr(value, part, None)
        if value is None:
            found.append(name)
    return found

print(json.dumps([
    *missing("tensorflow", pure.TENSORFLOW),
    *missing("tensorflow.compat.v1", pure.TENSORFLOW_1),
    *missing("keras", pure.KERAS - {"backend.get_value", "backend.set_value"}),
    *missing("numpy", pure.NUMPY - {"newaxis"}),
    *missing("math", pure.MATH),
    *missing("builtins", pure.BUILTINS | pure.TYPES),
]))
"""


def test_every_function_of_the_table_exists() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _MISSING], capture_output=True, check=True, timeout=300
    )
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize(
    ("name", "is_pure"),
    [
        pytest.param("tensorflow.tensor_scatter_nd_add", True, id="TensorFlow"),
        pytest.param("tensorflow.compat.v2.where", True, id="compat.v2"),
        pytest.param("tensorflow.compat.v1.scatter_nd_update", True, id="of TensorFlow 1 only"),
        pytest.param("tensorflow.scatter_nd_update", False, id="gone since TensorFlow 1"),
        pytest.param("tensorflow.keras.ops.scatter_update", True, id="Keras in TensorFlow"),
        pytest.param("numpy.add.at", True, id="method of a ufunc"),
        pytest.param("numpy.random.normal", False, id="random numbers"),
        pytest.param("numpy.save", False, id="files"),
        pytest.param("tensorflow.io.write_file", False, id="files by TensorFlow"),
        pytest.param("tensorflow.py_function", False, id="any Python"),
        pytest.param("os.remove", False, id="another module"),
        pytest.param("builtins.open", False, id="a built-in"),
    ],
)
def test_what_is_pure(name: str, is_pure: bool) -> None:
    assert pure.is_pure(name) is is_pure


# Each recipe runs in a fork of one process that has imported TensorFlow and not yet used it: once
# as it is, which shows whether it aborts, and once with the guards, which must say the same.
_RECIPES = """
import json, os, sys
import numpy as np
import tensorflow as tf
from tflint_slice.prove import guards

def outcome(recipe, guarded):
    child = os.fork()
    if child == 0:
        try:
            if guarded:
                guards.install(tf)
            exec(recipe, {"tf": tf, "np": np})
        except guards.WouldAbort:
            os._exit(2)
        except Exception:
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return "aborts"
    return {0: "returns", 1: "raises", 2: "would abort"}[os.WEXITSTATUS(status)]

print(json.dumps([[outcome(line, False), outcome(line, True)] for line in sys.stdin]))
"""

_TSNU = "tf.tensor_scatter_nd_update(tf.zeros({v}), tf.zeros({ix}, tf.int32), tf.ones({x}))"
_CAPTURED = (
    "v = tf.Variable(tf.zeros([4])); x = {x}; "
    "tf.function(lambda: v.scatter_nd_{op}({ix}, {updates}))()"
)
_SLICED = (
    "v = tf.Variable(tf.zeros([4])); before = v.value(); x = {x}; "
    "tf.function(lambda: v[1:3].assign({value}))()"
)

_CASES = {
    _TSNU.format(v=[4], ix=[2, 1, 1], x=[2]): "aborts",
    _TSNU.format(v=[4], ix=[2, 3, 1, 1], x=[2, 3]): "aborts",
    _TSNU.format(v=[4], ix=[2, 1, 1], x=[3]): "raises",
    _TSNU.format(v=[4], ix=[2, 1, 1], x=[]): "raises",
    _TSNU.format(v=[4], ix=[2, 1, 1], x=[2, 1]): "returns",
    _TSNU.format(v=[4], ix=[2, 1], x=[]): "raises",
    _TSNU.format(v=[4], ix=[2, 1], x=[2]): "returns",
    _TSNU.format(v=[4, 2], ix=[2, 1, 1], x=[2]): "aborts",
    "tf.scatter_nd(tf.zeros([2, 1, 1], tf.int32), tf.ones([2]), [4])": "aborts",
    "tf.scatter_nd(indices=tf.zeros([2, 1, 1], tf.int32), updates=[1., 1.], shape=[4])": "aborts",
    "tf.tensor_scatter_nd_max(tf.zeros([4]), np.zeros([2, 1, 1], np.int32), [1., 1.])": "aborts",
    _CAPTURED.format(op="update", ix=[[1]], x="tf.ones([1], tf.float64)", updates="x"): "aborts",
    _CAPTURED.format(op="add", ix=[[1]], x="tf.ones([1], tf.int32)", updates="x"): "aborts",
    _CAPTURED.format(op="update", ix=[[1]], x="tf.ones([1])", updates="x"): "returns",
    _CAPTURED.format(op="update", ix=[[1]], x="tf.ones([], tf.float64)", updates="[x]"): "returns",
    _CAPTURED.format(op="update", ix=[[1]], x="np.ones([1])", updates="x"): "returns",
    _SLICED.format(x="tf.ones([2], tf.float64)", value="x"): "aborts",
    _SLICED.format(x="tf.ones([], tf.int32)", value="x"): "aborts",
    _SLICED.format(x="tf.ones([], tf.int32)", value="[x, x]"): "returns",
    _SLICED.format(x="tf.ones([2])", value="x"): "returns",
    _SLICED.format(x="np.ones([2])", value="x"): "returns",
    _CAPTURED.format(op="update", ix=[[1.0]], x="tf.ones([1])", updates="x"): "raises",
}


_UNDEFINED = {
    "tf.Variable(tf.zeros([4])).scatter_nd_update(tf.zeros([{n}], tf.int32), tf.zeros([0]))": 2,
    "tf.Variable(tf.zeros([4])).scatter_nd_add(indices=tf.zeros([{n}], tf.int64), updates=[])": 2,
    "tf.Variable(tf.zeros([4])).scatter_nd_update(tf.zeros([{n}, 1], tf.int32), tf.zeros([0]))": 0,
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process cannot be copied here")
def test_guards_stop_what_aborts_and_nothing_else() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _RECIPES],
        input="\n".join(_CASES),
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=300,
    )
    found = dict(zip(_CASES, json.loads(done.stdout), strict=True))
    assert found == {
        recipe: [what, "would abort" if what == "aborts" else what]
        for recipe, what in _CASES.items()
    }
