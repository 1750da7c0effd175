"""Every claim of the API's rules holds in TensorFlow and NumPy, and the rules are not silent."""

from __future__ import annotations

import re
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from claims import described, infer, run, violations

from tflint_slice.infer import api
from tflint_slice.infer.values import UNKNOWN, Value
from tflint_slice.model import Kind

LENGTHS = {"n": 4, "m": 3}

CLAIMED = {
    "n": Value(Kind.INT, low=0, symbol="n"),
    "m": Value(Kind.INT, low=0, symbol="m"),
    "i": Value(Kind.INT, low=0, high="n"),
    "v": Value(Kind.VARIABLE, dtype="float32", shape=("n", "m"), plain=True),
    "w": Value(Kind.VARIABLE, dtype="int32", shape=(3,), plain=True),
    "k": Value(Kind.KERAS3_VARIABLE, dtype="float32", shape=(4, 3)),
    "names": Value(Kind.LIST, element=Value(Kind.INT)),
    "u": UNKNOWN,
}


def real_names() -> dict[str, Any]:
    return {
        "n": 4,
        "m": 3,
        "i": 2,
        "v": tf.Variable(np.arange(12.0).reshape(4, 3), dtype=tf.float32),
        "w": tf.Variable([3, 1, 2]),
        "k": keras.Variable(np.ones((4, 3), np.float32)),
        "names": [7, 8],
    }


UNKNOWNS = [
    *(3, -1, 2.5, True, None, "a", ..., slice(1, 2), [1, 2, 0], (1, 2), 1j),
    np.ones(3),
    np.ones((4, 3), np.float32),
    np.float64(2.0),
    np.array([True, False, True]),
    tf.ones(3, tf.float64),
    tf.range(3),
    tf.constant([True, False, True]),
]
"""What the name ``u``, of which nothing is known, may hold."""

# One row: the expression, and what must be claimed of it at least:
# kind, dtype, shape, then low=, high=, distinct, const=, plain, read-only.
ROWS = """
tf.Variable(0.0) | tf-variable float32 () plain
tf.Variable([1, 2, 3]) | tf-variable int32 (3,) plain
tf.Variable([0.0] * 10) | tf-variable float32 (10,)
tf.Variable([[1.0, 2.0]]) | tf-variable float32 (1, 2)
tf.Variable(np.zeros((3,))) | tf-variable float64 (3,)
tf.Variable(np.zeros((3,)), dtype=tf.float32) | tf-variable float32 (3,)
tf.Variable(np.arange(5)) | tf-variable int64 (5,)
tf.Variable(tf.zeros([n, 3])) | tf-variable float32 (n, 3)
tf.Variable(tf.random.normal((2, 3))) | tf-variable float32 (2, 3)
tf.Variable(True) | tf-variable bool ()
tf.Variable('a') | tf-variable string ()
tf.Variable(2**40) | tf-variable int64 ()
tf.Variable(lambda: tf.zeros(3), dtype=tf.float32) | tf-variable float32 ?
tf.Variable(tf.zeros([2]), shape=tf.TensorShape(None)) | tf-variable float32 ?
tf.Variable(tf.zeros([2, 3]), shape=[None, 3]) | tf-variable float32 (?, 3)
tf.Variable(1.0, trainable=False, dtype='float64') | tf-variable float64 ()
tf.compat.v1.Variable([1.0]) | some-variable float32 (1,)
keras.Variable(np.zeros((2, 3)), dtype='float32') | keras3-variable float32 (2, 3)
keras.Variable([1.0]) | keras3-variable ? (1,)
tf.zeros((2, 3)) | tensor float32 (2, 3)
tf.zeros([n, m], tf.int64) | tensor int64 (n, m)
tf.zeros(5) | tensor float32 (5,)
tf.ones(shape=v.shape) | tensor float32 (n, m)
tf.ones(v.shape[1:]) | tensor float32 (m,)
tf.zeros(tf.shape(v)) | tensor float32 (n, m)
tf.zeros([tf.shape(v)[0], 2]) | tensor float32 (n, 2)
tf.fill([2, n], 3) | tensor int32 (2, n) low=3 high=4
tf.fill([2], 0.5) | tensor float32 (2,)
tf.constant(3) | tensor int32 () low=3 high=4
tf.constant([1, 0, 2]) | tensor int32 (3,) low=0 high=3 distinct
tf.constant([1, 1]) | tensor int32 (2,) low=1 high=2
tf.constant([1, 2.5]) | tensor float32 (2,)
tf.constant([[0], [2]], dtype=tf.int64) | tensor int64 (2, 1) low=0 high=3 distinct
tf.constant([1, 2], tf.float64) | tensor float64 (2,)
tf.constant(0.0, shape=[2, 2]) | tensor float32 (2, 2)
tf.constant(['a', 'b']) | tensor string (2,)
tf.constant([]) | tensor float32 (0,)
tf.constant(np.ones((2, 2))) | tensor float64 (2, 2)
tf.constant(range(3)) | tensor int32 (3,) low=0 high=3 distinct
tf.constant(1j) | tensor complex128 ()
tf.convert_to_tensor(u) | tensor ? ?
tf.convert_to_tensor([v[0], v[1]]) | tensor float32 (2, m)
tf.convert_to_tensor(u, tf.int32) | tensor int32 ?
tf.cast(u, tf.int32) | tensor int32 ?
tf.cast(tf.range(3), tf.int64) | tensor int64 (3,) low=0 high=3 distinct
tf.cast([1.5, 2.5], 'int32') | tensor int32 (2,)
tf.cast(tf.constant([300]), tf.uint8) | tensor uint8 (1,)
tf.range(n) | tensor int32 (n,) low=0 high=n distinct
tf.range(1, 4) | tensor int32 (3,) low=1 high=4 distinct
tf.range(0, 10, 3) | tensor int32 (4,) low=0 high=10 distinct
tf.range(5.0) | tensor float32 (?,)
tf.range(n, dtype=tf.int64) | tensor int64 (n,) low=0 high=n distinct
tf.range(tf.shape(v)[0]) | tensor int32 (n,) low=0 high=n distinct
tf.range(n) + 1 | tensor int32 (n,) low=1 high=n+1 distinct
tf.range(n - 1) | tensor int32 (n-1,) low=0 high=n-1 distinct
tf.range(n)[:, tf.newaxis] | tensor int32 (n, 1) low=0 high=n distinct
tf.range(3) % 2 | tensor int32 (3,) low=0 high=2
tf.linspace(0.0, 1.0, 5) | tensor float32 (5,)
tf.eye(3) | tensor float32 (3, 3)
tf.one_hot([1, 2], 3) | tensor float32 (2, 3)
tf.one_hot(1, n) | tensor float32 (n,)
tf.zeros_like(v) | tensor float32 (n, m)
tf.ones_like(np.ones(2)) | tensor float64 (2,)
tf.identity(v) | tensor float32 (n, m)
tf.stop_gradient(v) | tensor float32 (n, m)
tf.shape(v) | tensor int32 (2,) low=0
tf.shape(v)[1] | tensor int32 () low=0
tf.size(tf.ones((2, 3))) | tensor int32 () low=6 high=7
tf.rank(v) | tensor int32 () low=2 high=3
tf.random.uniform([n], maxval=m, dtype=tf.int32) | tensor int32 (n,) low=0 high=m
tf.random.uniform((2, 3)) | tensor float32 (2, 3)
tf.random.truncated_normal([2], stddev=0.1) | tensor float32 (2,)
tf.random.shuffle(tf.range(n)) | tensor int32 (n,) low=0 high=n distinct
tf.reshape(tf.range(6), (2, -1)) | tensor int32 (2, 3) low=0 high=6 distinct
tf.reshape(v, [-1]) | tensor float32 (?,)
tf.reshape(tf.range(n), (-1, 1)) | tensor int32 (n, 1) low=0 high=n distinct
tf.transpose(v) | tensor float32 (m, n)
tf.transpose(tf.ones((2, 3, 4)), [2, 0, 1]) | tensor float32 (4, 2, 3)
tf.expand_dims(tf.range(n), 1) | tensor int32 (n, 1) low=0 high=n distinct
tf.expand_dims(v, -1) | tensor float32 (n, m, 1)
tf.squeeze(tf.ones((1, 3, 1))) | tensor float32 (3,)
tf.squeeze(tf.ones((1, n)), axis=0) | tensor float32 (n,)
tf.stack([tf.range(n), tf.range(n)], axis=1) | tensor int32 (n, 2) low=0 high=n
tf.stack([v[0], v[1]]) | tensor float32 (2, m)
tf.concat([v, v], 0) | tensor float32 (?, m)
tf.concat([tf.ones((2, 3)), tf.ones((1, 3))], axis=0) | tensor float32 (3, 3)
tf.concat([v[:1], [[1.0, 2.0, 3.0]]], 0) | tensor float32 (?, 3)
tf.tile(tf.ones((2, 3)), [2, 1]) | tensor float32 (4, 3)
tf.gather(v, [0, 2]) | tensor float32 (2, m)
tf.gather(v, tf.constant([0]), axis=1) | tensor float32 (n, 1)
tf.gather_nd(v, [[0], [2]]) | tensor float32 (2, m)
tf.gather_nd(v, [[0, 1]]) | tensor float32 (1,)
tf.where(tf.range(n) > 1) | tensor int64 (?, 1) low=0 high=n distinct
tf.where(v > 2) | tensor int64 (?, 2) low=0
tf.where(v > 2, v, 0.0) | tensor float32 (n, m)
tf.boolean_mask(v, [True, False, True, True]) | tensor float32 (?, m)
tf.pad(tf.ones((2, 3)), [[1, 1], [0, 2]]) | tensor float32 (4, 5)
tf.broadcast_to(1.0, [n, 2]) | tensor float32 (n, 2)
tf.reverse(tf.range(n), [0]) | tensor int32 (n,) low=0 high=n distinct
tf.roll(v, 1, 0) | tensor float32 (n, m)
tf.repeat([1, 2], 2) | tensor int32 (4,) low=1 high=3
tf.split(tf.ones((4, 3)), 2) | list
tf.split(tf.ones((4, 3)), 2)[0] | tensor float32 (2, 3)
tf.unstack(tf.ones((2, 3)))[1] | tensor float32 (3,)
tf.meshgrid(tf.range(2), tf.range(3), indexing='ij')[0] | tensor int32 (2, 3) low=0 high=2
tf.meshgrid(tf.range(2), tf.range(3))[1] | tensor int32 (3, 2) low=0 high=3
tf.tensor_scatter_nd_update(v, [[0]], [[1.0, 2.0, 3.0]]) | tensor float32 (n, m)
tf.tensor_scatter_nd_add(tf.zeros(3), [[0]], [1.0]) | tensor float32 (3,)
tf.scatter_nd([[0]], [1.0], [n]) | tensor float32 (n,)
tf.reduce_sum(v) | tensor float32 ()
tf.reduce_sum(v, axis=1) | tensor float32 (n,)
tf.reduce_mean(v, 0, keepdims=True) | tensor float32 (1, m)
tf.reduce_max(tf.constant([1, 5])) | tensor int32 () low=1 high=6
tf.reduce_any(v > 1) | tensor bool ()
tf.argmax(v, axis=1) | tensor int64 (n,) low=0 high=m
tf.argmax([1.0, 2.0]) | tensor int64 () low=0 high=2
tf.argsort(tf.constant([3.0, 1.0])) | tensor int32 (2,) low=0 high=2 distinct
tf.math.top_k(tf.constant([3.0, 1.0, 2.0]), 2)[1] | tensor int32 (2,) low=0 high=3 distinct
tf.math.top_k(tf.constant([3.0, 1.0, 2.0]), 2).values | tensor float32 (2,)
tf.unique(tf.constant([1, 1, 2]))[0] | tensor int32 (?,) low=1 high=3 distinct
tf.matmul(tf.ones((2, 3)), tf.ones((3, n))) | tensor float32 (2, n)
tf.matmul(tf.ones((3, 2)), tf.ones((3, 4)), transpose_a=True) | tensor float32 (2, 4)
tf.add(v, 1.0) | tensor float32 (n, m)
tf.maximum(0.0, v) | tensor float32 (n, m)
tf.maximum(np.ones(2), 1.0) | tensor float64 (2,)
tf.minimum(tf.range(n), 2) | tensor int32 (n,) low=0
tf.math.floormod(tf.range(5), 3) | tensor int32 (5,) low=0 high=3
tf.clip_by_value(tf.constant([-5, 9]), 0, 3) | tensor int32 (2,) low=0 high=4
tf.divide(tf.range(3), 2) | tensor float64 (3,)
tf.greater(v, 0.0) | tensor bool (n, m)
tf.equal(tf.range(n), 2) | tensor bool (n,)
tf.logical_and(v > 1, v < 3) | tensor bool (n, m)
tf.math.is_nan(v) | tensor bool (n, m)
tf.sqrt(v) | tensor float32 (n, m)
tf.abs(tf.complex(1.0, 2.0)) | tensor ? ?
tf.nn.softmax(v) | tensor float32 (n, m)
tf.nn.relu(np.ones(2)) | tensor float64 (2,)
tf.nn.embedding_lookup(v, [0, 1]) | tensor float32 (2, m)
tf.cumsum(tf.ones(3)) | tensor float32 (3,)
tf.sequence_mask([1, 2], 4) | tensor bool (2, 4)
tf.gather(tf.ones((2, 5, 3)), [[1], [0]], batch_dims=1) | tensor float32 (2, 1, 3)
tf.gather(tf.ones((2, 5, 3)), [[1, 2], [0, 0]], axis=2, batch_dims=1) | tensor float32 (2, 5, 2)
tf.gather(tf.ones((2, 5, 3)), [[1], [0]], batch_dims=-1) | tensor float32 ?
tf.gather(v, tf.argmax(v, axis=1)[:, None], batch_dims=1) | tensor float32 (n, 1)
tf.gather_nd(v, [[1], [0], [2], [2]], batch_dims=1) | tensor float32 ?
tf.slice(v, [1, 0], [2, -1]) | tensor float32 (2, m)
tf.slice(v, [1, 1], [-1, -1]) | tensor float32 (n-1, m-1)
tf.slice(v, [i, 0], [1, m]) | tensor float32 (1, m)
tf.slice(tf.range(n), [1], [-1]) | tensor int32 (n-1,) low=0 high=n distinct
tf.slice(v, tf.constant([1, 0]), tf.shape(v) - 1) | tensor float32 (?, ?)
tf.slice(v, [0, 0], [2, u]) | tensor float32 (2, ?)
tf.slice(tf.convert_to_tensor(u), [0], [2]) | tensor ? (2,)
tf.slice(v, [u, 0], [-1, -1]) | tensor float32 (?, m)
tf.strided_slice(tf.range(6), [1], [5], [2]) | tensor int32 ? low=0 high=6 distinct
tf.ensure_shape(v, [4, None]) | tensor float32 (4, m)
tf.ensure_shape(v, [None, u]) | tensor float32 (n, m)
tf.ensure_shape(tf.convert_to_tensor(u), [3]) | tensor ? (3,)
tf.ensure_shape(tf.zeros(3), [u]) | tensor float32 (3,)
tf.sort(tf.constant([3, 1])) | tensor int32 (2,) low=1 high=4 distinct
tf.argsort(v, axis=0, direction='DESCENDING') | tensor int32 (n, m) low=0 high=n
tf.nn.top_k(v, 2).indices | tensor int32 (n, 2) low=0 high=m
tf.where([[True, False]])[:, 0] | tensor int64 (?,) low=0
tf.tile(tf.range(n), [2]) | tensor int32 (?,) low=0 high=n
tf.tile(v, [1, u]) | tensor float32 (n, ?)
tf.repeat(v, [1, 2, 0, 1], axis=0) | tensor float32 (?, m)
tf.repeat(tf.range(3), [1, 2, 0]) | tensor int32 (?,) low=0 high=3
tf.pad(tf.range(n), [[0, 1]]) | tensor int32 (n+1,)
tf.pad(v, [[u, 0], [0, 0]]) | tensor float32 (?, m)
tf.reverse(v, [u]) | tensor float32 (n, m)
tf.boolean_mask(tf.range(n), v[:, 0] > 2) | tensor int32 (?,) low=0 high=n distinct
tf.boolean_mask(v, v > 2) | tensor float32 (?,)
tf.boolean_mask(v, [True, False, True], axis=1) | tensor float32 (n, ?)
tf.clip_by_value(v, 0.0, 1.0) | tensor float32 (n, m)
tf.clip_by_value(tf.convert_to_tensor(u), 0, 3) | tensor ? ?
tf.cumsum(tf.range(3)) | tensor int32 (3,)
tf.sequence_mask([1, 3]) | tensor bool (2, ?)
tf.sequence_mask(3, n, dtype=tf.float32) | tensor float32 (n,)
tf.add_n([v, tf.ones((4, 3))]) | tensor float32 (4, 3)
tf.add_n([tf.ones(n), [1.0, 2.0, 3.0, 4.0]]) | tensor float32 (4,)
tf.add_n([v]) | tensor float32 (n, m)
tf.math.reduce_std(v, axis=0) | tensor float32 (m,)
tf.math.reduce_variance(v) | tensor float32 ()
tf.math.reduce_std([1j, 2.0]) | tensor ? ()
tf.asinh(v) | tensor float32 (n, m)
tf.math.xlog1py(v, 2.0) | tensor float32 (n, m)
tf.searchsorted(tf.range(n), [0, 9]) | tensor int32 (2,) low=0 high=n+1
tf.searchsorted([1.0, 2.0], [math.nan, 5.0], out_type=tf.int64) | tensor int64 (2,) low=0 high=3
tf.unravel_index([5, 1], [2, 3]) | tensor int32 (2, 2)
tf.unravel_index(tf.range(n), tf.shape(v)) | tensor int32 (2, n)
tf.unravel_index([-1], [2, 3]) | tensor int32 (2, 1)
tf.math.segment_sum(v, [0, 0, 2, 2]) | tensor float32 (?, m)
tf.math.segment_max(tf.range(3), [0, 0, 1]) | tensor int32 (?,)
tf.math.segment_mean(tf.range(3), [0, 0, 1]) | tensor int32 (?,)
tf.math.unsorted_segment_sum(v, [0, -1, 2, 2], n) | tensor float32 (n, m)
tf.math.unsorted_segment_max(v, [[0, 1, 1]] * 4, 7) | tensor float32 (7,)
tf.math.unsorted_segment_mean(tf.range(3), [0, 0, 1], 2) | tensor ? (2,)
tf.math.unsorted_segment_sqrt_n(v, tf.range(n), 5) | tensor float32 (5, m)
tf.dynamic_partition(v, [0, 1, 0, 1], 2)[1] | tensor float32 (?, m)
tf.dynamic_partition(v, [0, 1, 0, 1], 2) | list
tf.random.categorical(tf.zeros((2, 3)), n) | tensor int64 (2, n) low=0 high=None
tf.random.categorical([[math.nan, math.nan]], 9, dtype=tf.int32) | tensor int32 (1, 9) low=0
tf.random.stateless_categorical(v, 2, [1, 2]) | tensor int64 (n, 2) low=0
tf.random.stateless_uniform([n], [1, 2], 0, m, tf.int32) | tensor int32 (n,) low=0 high=m
tf.random.stateless_normal([2, n], seed=[1, 2]) | tensor float32 (2, n)
tf.random.experimental.stateless_shuffle(tf.range(n), [1, 2]) | tensor int32 (n,) low=0 distinct
tf.linalg.matmul(v, tf.ones((3, 2))) | tensor float32 (n, 2)
tf.matmul(tf.ones((5, 2, 3)), tf.ones((3, 4)), transpose_a=u) | tensor float32 ?
tf.linalg.matvec(v, tf.ones(3)) | tensor float32 (n,)
tf.linalg.matvec(tf.ones((5, 3, 2)), tf.ones(3), transpose_a=True) | tensor float32 (5, 2)
tf.linalg.matvec(tf.ones((2, 3)), [1.0, 2.0, 3.0]) | tensor float32 (2,)
tf.linalg.diag(v) | tensor float32 (n, m, m)
tf.linalg.diag(tf.ones(3), k=1) | tensor float32 ?
tf.linalg.diag(tf.ones(3), num_rows=5) | tensor float32 ?
tf.linalg.diag([1, 2]) | tensor int32 (2, 2)
tf.linalg.diag_part(tf.ones((n, n))) | tensor float32 (n,)
tf.linalg.diag_part(tf.ones((5, 2, 3))) | tensor float32 (5, 2)
tf.linalg.diag_part(v) | tensor float32 (?,)
tf.linalg.diag_part(tf.ones((3, 3)), k=1) | tensor float32 ?
tf.linalg.set_diag(tf.ones((3, 3)), tf.zeros(3)) | tensor float32 (3, 3)
tf.linalg.band_part(v, -1, 0) | tensor float32 (n, m)
tf.linalg.inv(tf.eye(n)) | tensor float32 (n, n)
tf.linalg.cholesky(tf.eye(n)) | tensor float32 (n, n)
tf.linalg.matrix_transpose(v) | tensor float32 (m, n)
tf.linalg.adjoint(tf.ones((2, 3, 4))) | tensor float32 (2, 4, 3)
tf.linalg.trace(tf.ones((5, 2, 3))) | tensor float32 (5,)
tf.linalg.det(tf.eye(n)) | tensor float32 ()
tf.linalg.solve(tf.eye(3), tf.ones((3, 1))) | tensor float32
tf.linalg.triangular_solve(tf.eye(3), tf.ones((3, 1))) | tensor float32
tf.linalg.cholesky_solve(tf.eye(3), tf.ones((3, 1))) | tensor float32
tf.norm(v) | tensor float32 ()
tf.linalg.norm(v, axis=-1) | tensor float32 (n,)
tf.norm(tf.ones((2, 3, 4)), axis=[0, 1], keepdims=True) | tensor float32 (1, 1, 4)
tf.norm(tf.constant([1, 2]), ord=1) | tensor ? ()
tf.tensordot(v, tf.ones((3, 4)), 1) | tensor float32 (n, 4)
tf.tensordot(v, v, axes=[[1], [1]]) | tensor float32 ?
tf.einsum('ij,jk->ki', v, tf.ones((3, 2))) | tensor float32 (2, n)
tf.einsum('ij, ij -> ', v, v) | tensor float32 ()
tf.einsum('ij,jk', v, tf.ones((3, 2))) | tensor float32 ?
tf.einsum('...j->...', v) | tensor float32 ?
tf.einsum('i,i->i', np.ones(2), tf.ones(2)) | tensor float32 (2,)
tf.nn.conv2d(tf.ones((1, 4, 4, 1)), tf.ones((2, 2, 1, 1)), 1, 'SAME') | tensor float32
tf.nn.conv1d(tf.ones((1, 4, 1)), tf.ones((2, 1, 1)), 1, 'SAME') | tensor float32
tf.nn.max_pool2d(tf.ones((1, 4, 4, 1)), 2, 2, 'SAME') | tensor float32
tf.nn.avg_pool(tf.ones((1, 4, 4, 1)), 2, 2, 'SAME') | tensor float32
tf.nn.moments(v, [0])[1] | tensor float32 (m,)
tf.nn.moments(tf.ones((2, 3), tf.float16), 1, keepdims=True)[0] | tensor float16 (2, 1)
tf.nn.batch_normalization(v, 0.0, 1.0, None, None, 0.1) | tensor float32
tf.nn.l2_loss(v) | tensor float32 ()
tf.nn.l2_normalize(v, 0) | tensor float32 (n, m)
tf.nn.sigmoid_cross_entropy_with_logits(v, v) | tensor float32 (n, m)
tf.nn.softmax_cross_entropy_with_logits(v, v) | tensor float32 (n,)
tf.nn.softmax_cross_entropy_with_logits(tf.ones((1, 3)), v) | tensor float32 (?,)
tf.nn.softmax_cross_entropy_with_logits([[0, 1, 0]], tf.ones((4, 3))) | tensor float32 (?,)
tf.nn.sparse_softmax_cross_entropy_with_logits([0, 1, 2, 0], v) | tensor float32 (4,)
tf.nn.sparse_softmax_cross_entropy_with_logits([1], np.ones((1, 3))) | tensor float64 (1,)
tf.nn.embedding_lookup(v, u) | tensor float32 ?
tf.saturate_cast(value=[300, 1], dtype=tf.uint8) | tensor uint8 (2,)
tf.py_function(lambda: 1.0, [], tf.float32) | tensor float32 ?
tf.py_function(lambda: 1.0, [], [tf.float32]) | unknown
tf.numpy_function(lambda: None, [], tf.float32) | unknown
tf.numpy_function(lambda: 1.0, [], tf.float32) | unknown
tf.map_fn(lambda x: x, v) | unknown
tf.while_loop(lambda x: x < 3, lambda x: [x + 1], [tf.constant(0)]) | unknown
tf.io.parse_tensor(tf.io.serialize_tensor(v), tf.float32) | tensor float32 ?
tf.io.decode_raw(tf.constant(['abcd']), tf.uint8) | tensor uint8 ?
tf.io.read_file('README.md') | tensor string ()
tf.io.parse_example(tf.constant(['']), {'a': tf.io.FixedLenFeature([], tf.int64, 1)}) | dict
tf.io.parse_example([''], {'a': tf.io.FixedLenFeature([], tf.int64, 1)})['a'] | unknown
tf.io.parse_single_example('', {'a': tf.io.VarLenFeature(tf.int64)}) | dict
tf.io.parse_sequence_example([''], {'a': tf.io.VarLenFeature(tf.int64)})[0] | dict
tf.io.parse_single_sequence_example('', {'a': tf.io.VarLenFeature(tf.int64)}) | tuple
tf.ragged.constant([[1], [2, 3]]) | unknown
tf.ragged.constant([1, 2]) | unknown
tf.ragged.constant([[1], [2, 3]]) + tf.constant(1) | unknown
tf.constant(1) + tf.ragged.constant([[1], [2, 3]]) | unknown
-tf.ragged.constant([[1], [2, 3]]) | unknown
tf.constant(1) < tf.ragged.constant([[1], [2, 3]]) | unknown
tf.abs(tf.ragged.constant([[1], [2, 3]])) | unknown
tf.abs(tf.ragged.constant([[1], [2, 3]]) * 2) | unknown
tf.abs(tf.ragged.constant([[[1]], [[2, 3]]])[0]) | unknown
tf.abs(tf.ragged.constant([[[1]], [[2, 3]]]).values) | unknown
tf.concat([tf.ragged.range([1, 2]), tf.ragged.range([2, 1])], 1) | unknown
tf.one_hot(tf.RaggedTensor.from_row_splits([1, 2], [0, 1, 2]), n) | unknown
tf.nn.embedding_lookup(v, tf.ragged.constant([[1], [2, 3]])) | unknown
tf.identity(tf.ragged.constant([[1]]).with_values([2])) | unknown
tf.identity(tf.ragged.constant([[1]]).to_tensor()) | tensor
tf.size(tf.ragged.constant([[1], [2, 3]])) | tensor int32 ()
tf.cast(tf.SparseTensor([[0, 1]], [3], [2, 2]), tf.float32) | unknown
tf.abs(tf.sparse.from_dense([[1, 0], [0, 2]])) | unknown
tf.sparse.to_dense(tf.sparse.from_dense([[1, 0], [0, 2]])) | tensor
tf.sparse.sparse_dense_matmul(tf.sparse.from_dense([[1.0]]), [[2.0]]) | tensor
tf.strings.length(tf.strings.split(['a b', 'c'])) | unknown
tf.experimental.numpy.zeros(3) | unknown
tf.TensorArray(tf.float32, 1).write(0, 1.0).stack() | unknown
v + 1 | tensor float32 (n, m)
1.0 - v | tensor float32 (n, m)
v * np.ones(3) | tensor float32 (n, 3)
np.ones(3) * v | tensor float32 (n, 3)
v + u | tensor ? ?
v / 2 | tensor float32 (n, m)
w // 2 | tensor int32 (3,)
w / 2 | tensor float64 (3,)
w % 5 | tensor int32 (3,) low=0 high=5
-v | tensor float32 (n, m)
v @ tf.ones((3, 2)) | tensor float32 (n, 2)
v > u | tensor bool ?
v == 2.0 | tensor bool (n, m)
~(v > 1) | tensor bool (n, m)
k + 1 | tensor ? (4, 3)
v[0] | tensor float32 (m,)
v[-1] | tensor float32 (m,)
v[0, 1] | tensor float32 ()
v[i] | tensor float32 (m,)
v[1:3] | tensor float32 (?, m)
v[:, 0] | tensor float32 (n,)
v[..., 0] | tensor float32 (n,)
v[:, tf.newaxis] | tensor float32 (n, 1, m)
v[tf.constant(1)] | tensor float32 (m,)
v[v > 2] | tensor float32 (?,)
v[[0, 2]] | tensor float32 ()
v[u] | tensor float32 ?
w[:2] | tensor int32 (2,)
w[::-1] | tensor int32 (3,)
k[0] | tensor ? (3,)
v.numpy() | ndarray float32 (n, m)
v.numpy()[0] | ndarray float32 (m,)
v.read_value() | tensor float32 (n, m)
v.value().numpy() | ndarray float32 (n, m)
v.assign(tf.zeros((4, 3))) | tf-variable float32 (n, m)
v.assign_add(tf.ones((4, 3))) | tf-variable float32 (n, m)
v.scatter_nd_update([[0]], [[1.0, 2.0, 3.0]]) | tf-variable float32 (n, m)
v.sparse_read([0, 1]) | tensor float32 (2, m)
v.gather_nd([[0, 1]]) | tensor float32 (1,)
k.assign(np.zeros((4, 3))) | tensor ? (4, 3)
k.numpy() | ndarray ? (4, 3)
k.value | some-variable float32 (4, 3)
v.shape | tuple
v.shape[0] | int low=0
tf.ones((2, 3)).shape[1] | int const=3
v.shape.rank | int const=2
v.shape.as_list() | list
v.get_shape()[1] | int low=0
v.dtype | str const='float32'
np.zeros(3).dtype | str const='float64'
v.name | str
np.zeros((n, 2)) | ndarray float64 (n, 2)
np.ones(3, dtype=np.float32) | ndarray float32 (3,)
np.ones(3, dtype='int32') | ndarray int32 (3,)
np.full((2,), 7) | ndarray int64 (2,) low=7 high=8
np.full(3, 0.5) | ndarray float64 (3,)
np.arange(n) | ndarray int64 (n,) low=0 high=n distinct
np.arange(2, 10, 3) | ndarray int64 (3,) low=2 high=10 distinct
np.arange(v.shape[0])[1:, None] | ndarray int64 (?, 1) low=0 high=n distinct
np.array([1, 2]) | ndarray int64 (2,) low=1 high=3 distinct
np.array([1, 2.0]) | ndarray float64 (2,)
np.array([[1], [0]], dtype=np.int32) | ndarray int32 (2, 1) low=0 high=2 distinct
np.array([True, False]) | ndarray bool (2,)
np.array(u) | ndarray ? ?
np.asarray(v) | ndarray float32 (n, m)
np.asarray(v.value()) | ndarray float32 (n, m) read-only
np.array(v.value()) | ndarray float32 (n, m)
np.reshape(v.value(), (-1,)) | ndarray float32 (?,) read-only
np.zeros_like(v) | ndarray float32 (n, m)
np.linspace(0, 1, 5) | ndarray float64 (5,)
np.eye(3) | ndarray float64 (3, 3)
np.concatenate([np.zeros(2), np.zeros(3)]) | ndarray float64 (5,)
np.stack([np.arange(3), np.arange(3)], 1) | ndarray int64 (3, 2)
np.vstack([np.zeros(2), np.ones(2)]) | ndarray float64 (2, 2)
np.vstack([np.zeros((1, 2)), np.ones((3, 2), np.float32)]) | ndarray float64 (4, 2)
np.vstack([np.zeros(2), np.ones((3, 2))]) | ndarray float64 ?
np.vstack([np.zeros(2)], dtype=np.float32) | unknown
np.vstack([v, v]) | ndarray float32 (?, m)
np.hstack([np.zeros(2), np.ones(3)]) | ndarray float64 (5,)
np.hstack([np.zeros((2, 1)), np.ones((2, n))]) | ndarray float64 (2, n+1)
np.hstack([1, np.ones(3)]) | ndarray float64 ?
np.hstack([u, np.ones(3)]) | unknown
np.tile(np.arange(3), 2) | ndarray int64 (6,) low=0 high=3
np.tile(np.zeros((n, 2)), [1, 3]) | ndarray float64 (n, 6)
np.tile(np.zeros((n, 2)), 3) | ndarray float64 ?
np.tile(np.zeros(2), [2, 1]) | ndarray float64 ?
np.tile(np.zeros(2), u) | ndarray float64 ?
np.repeat(np.arange(3), 2) | ndarray int64 (6,) low=0 high=3
np.repeat(np.zeros((2, n)), 3, axis=0) | ndarray float64 (6, n)
np.repeat(np.zeros((2, n)), [1, 2], axis=0) | ndarray float64 (?, n)
np.repeat(v, 2) | ndarray float32 (?,)
np.pad(np.zeros((2, n)), [[0, 1], [1, 1]]) | ndarray float64 (3, n+2)
np.pad(np.zeros((2, n)), 1) | ndarray float64 ?
np.pad(np.zeros((2, n)), (1, 2), mode='edge') | ndarray float64 ?
np.where(np.arange(3) > 1)[0] | ndarray int64 (?,) low=0 high=3 distinct
np.where(np.arange(3) > 1, 1.0, 0.0) | ndarray float64 (3,)
np.sum(np.ones((2, 3)), axis=0) | ndarray float64 (3,)
np.sum(np.ones(2, np.int8)) | ndarray int64 ()
np.mean(np.arange(3)) | ndarray float64 ()
np.argmax(np.ones((2, 3)), axis=1) | ndarray int64 (2,) low=0 high=3
np.argmax(u) | unknown ? () low=0
np.argsort(np.ones(3)) | ndarray int64 (3,) low=0 high=3 distinct
np.nonzero(np.ones((2, 3)))[1] | ndarray int64 (?,) low=0 high=3
np.sqrt(np.arange(3)) | ndarray float64 (3,)
np.abs(v) | ndarray float32 (n, m)
np.clip(np.arange(5), 0, 2) | ndarray int64 (5,) low=0 high=3
np.maximum(np.zeros(2, np.float32), 1.0) | ndarray float32 (2,)
np.float32(3) | ndarray float32 ()
np.int64(3) | ndarray int64 () low=3 high=4
np.random.rand(2, 3) | ndarray float64 (2, 3)
np.random.rand() | float
np.random.randint(5) | int low=0 high=5
np.random.randint(0, n, size=3) | ndarray int64 (3,) low=0 high=n
np.random.permutation(n) | ndarray int64 (n,) low=0 high=n distinct
np.random.choice(5, 3, replace=False) | ndarray int64 (3,) low=0 high=5 distinct
np.random.uniform(size=(2, 2)) | ndarray float64 (2, 2)
np.zeros((2, 3)).T | ndarray float64 (3, 2)
np.zeros((2, 3)).astype(np.float32) | ndarray float32 (2, 3)
np.zeros((2, 3)).reshape(3, -1) | ndarray float64 (3, 2)
np.zeros((2, 3)).sum(axis=1) | ndarray float64 (2,)
np.zeros((2, 3)).size | int const=6
np.zeros((2, 3)).flatten() | ndarray float64 (6,)
np.arange(3).tolist() | list distinct
np.zeros(3, np.float32) + 1.5 | ndarray float32 (3,)
np.zeros(3, np.float32) + np.zeros(3) | ndarray float64 (3,)
np.arange(3) / 2 | ndarray float64 (3,)
np.arange(3) > 1 | ndarray bool (3,)
np.zeros((4, 3))[[0, 2]] | ndarray float64 (2, 3)
np.zeros((4, 3))[:, [0, 2]] | ndarray float64 (4, 2)
np.zeros((4, 3, 2))[0, :, [0, 1]] | ndarray float64 (2, 3)
np.zeros((4, 3))[np.array([0, 1]), np.array([1, 2])] | ndarray float64 (2,)
np.zeros((4, 3))[np.zeros((4, 3)) > 1] | ndarray float64 (?,)
np.zeros((4, 3))[np.ix_([0, 1], [2])] | ndarray float64 (2, 1)
np.zeros((4, 3))[1, 2] | ndarray float64 ()
np.arange(n)[i] | ndarray int64 () low=0 high=n
range(n) | list distinct
range(3)[1] | int const=1
len(names) | int low=0
len([1, 2]) | int const=2
len(np.zeros((n, 2))) | int low=0
int(2.5) | int const=2
int(u) | unknown ? ()
float(3) | float const=3.0
min(i, 2) | int low=0
min(i, n - 1) | int low=-1 high=n
max(i, 1) | int low=1
abs(-3) | int const=3
isinstance(u, int) | bool
list(range(3)) | list
tuple([1, 2])[0] | int const=1
n + 1 | int low=1
i + 1 | int low=1 high=n+1
(i + 1) % n | int low=0 high=n
7 % 4 | int const=3
i % 3 | int low=0 high=3
[1, 2] + [3] | list
[0] * 3 | list
2 * 3.5 | float const=7.0
n / 2 | float
'a%d' % 3 | str
[1, 2, 3][-1] | int const=3
{'a': 1, 'b': v}['b'] | tf-variable float32 (n, m) plain
{'a': 1}.get('a') | int const=1
not 3 | bool
u is None | bool
math.pi | float
tf.newaxis | none
"""
PARAMETERS = [
    pytest.param(*(part.strip() for part in line.split(" | ", 1)), id=line.split(" | ")[0])
    for line in ROWS.strip().splitlines()
]


@pytest.mark.parametrize(("expression", "minimum"), PARAMETERS)
def test_claims(expression: str, minimum: str) -> None:
    claim = infer(expression, CLAIMED)
    assert described(claim, minimum) == minimum
    unknowns = UNKNOWNS if re.search(r"\bu\b", expression) else [None]
    returned = 0
    for unknown in unknowns:
        names = {**real_names(), "u": unknown}
        try:
            real = run(expression, names)
        except (TypeError, ValueError, tf.errors.OpError, IndexError, AttributeError):
            # A claim is about what an expression gives, not whether it gives anything.
            continue
        returned += 1
        assert violations(claim, real, LENGTHS) == [], unknown
    assert returned


EAGER_ONLY = re.compile(r"\bu\b|np\.|numpy|range\(3\)\)|Variable|assign|scatter_nd_update")
GRAPH_ROWS = [
    row
    for row in PARAMETERS
    if str(row.values[1]).startswith(("tensor", "int"))
    and re.match(r"tf\.|v\b|w\b", str(row.values[0]))
    and not EAGER_ONLY.search(str(row.values[0]))
]


@pytest.mark.parametrize(("expression", "minimum"), GRAPH_ROWS)
def test_claims_in_a_graph(expression: str, minimum: str) -> None:
    """What is static in a graph does not contradict what is claimed, and kinds are the same."""
    claim, names, found = infer(expression, CLAIMED), real_names(), list[Any]()

    def traced() -> None:
        found.append(run(expression, names))

    tf.function(traced, autograph=False)()
    (real,) = found
    if claim.kind is Kind.INT:
        assert type(real) is int
        return
    assert isinstance(real, tf.Tensor)
    assert claim.dtype in (None, real.dtype.name)
    if claim.shape is not None:
        assert real.shape.rank in (None, len(claim.shape))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("tensorflow.compat.v2.Variable", "tensorflow.Variable", id="v2"),
        pytest.param("tensorflow.compat.v2", "tensorflow", id="v2-module"),
        pytest.param("tensorflow._api.v2.v2.zeros", "tensorflow.zeros", id="api-v2"),
        pytest.param("tensorflow.v2.zeros", "tensorflow.zeros", id="short-v2"),
        pytest.param("tensorflow.math.add", "tensorflow.add", id="math"),
        pytest.param("tensorflow.math.log", "tensorflow.math.log", id="math-only"),
        pytest.param("tensorflow.linalg.matmul", "tensorflow.matmul", id="linalg"),
        pytest.param("tensorflow.nn.softmax", "tensorflow.math.softmax", id="nn"),
        pytest.param(
            "tensorflow.python.keras.layers.Layer", "tensorflow.keras.layers.Layer", id="k"
        ),
        pytest.param(
            "tensorflow.python.ops.array_ops.x", "tensorflow.python.ops.array_ops.x", id="p"
        ),
        pytest.param("tensorflow.compat.v1.zeros", "tensorflow.compat.v1.zeros", id="v1"),
        pytest.param(
            "tensorflow.experimental.numpy.add", "tensorflow.experimental.numpy.add", id="t"
        ),
        pytest.param("tf_keras.layers.Layer", "tf_keras.layers.Layer", id="tf_keras"),
        pytest.param("numpy.absolute", "numpy.abs", id="numpy"),
    ],
)
def test_canonical(name: str, expected: str) -> None:
    assert api.canonical(name) == expected
    assert api.canonical(expected) == expected


@pytest.mark.parametrize("module", ["math", "linalg", "dtypes", "nn", "strings"])
def test_what_tensorflow_exports_twice_has_one_name(module: str) -> None:
    """The table of shared names is the one of this TensorFlow."""
    inner = getattr(tf, module)
    for name in dir(inner):
        if name.startswith("_") or not callable(getattr(inner, name)):
            continue
        same = getattr(tf, name, None) is getattr(inner, name)
        moved = api.canonical(f"tensorflow.{module}.{name}") == f"tensorflow.{name}"
        assert same == moved, name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("tensorflow.math.add", True, id="math"),
        pytest.param("tensorflow.compat.v1.add", True, id="v1"),
        pytest.param("tensorflow.nn.softmax", True, id="softmax"),
        pytest.param("tensorflow.random.normal", False, id="random"),
        pytest.param("tensorflow.random.shuffle", False, id="shuffle"),
        pytest.param("tensorflow.nn.dropout", False, id="dropout"),
        pytest.param("tensorflow.py_function", False, id="py_function"),
        pytest.param("tensorflow.map_fn", False, id="map_fn"),
        pytest.param("tensorflow.Variable", False, id="variable"),
        pytest.param("tensorflow.print", False, id="tf-print"),
        pytest.param("numpy.zeros", True, id="zeros"),
        pytest.param("numpy.float32", True, id="scalar"),
        pytest.param("numpy.load", False, id="load"),
        pytest.param("numpy.random.rand", False, id="rand"),
        pytest.param("numpy.put", False, id="put"),
        pytest.param("numpy.fill_diagonal", False, id="fill_diagonal"),
        pytest.param("numpy.empty", False, id="empty"),
        pytest.param("builtins.len", True, id="len"),
        pytest.param("builtins.print", False, id="print"),
        pytest.param("builtins.next", False, id="next"),
        pytest.param("unknown.thing", False, id="unknown"),
    ],
)
def test_is_pure(name: str, expected: bool) -> None:
    assert api.is_pure(name) is expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        pytest.param("tf.zeros()", UNKNOWN, id="no-shape"),
        pytest.param("tf.zeros(1, 2, 3, 4, 5, 6)", UNKNOWN, id="too-many"),
        pytest.param("tf.zeros(shape=1, nonsense=2)", UNKNOWN, id="no-such-parameter"),
        pytest.param(
            "tf.einsum('ij->i', v, v)", Value(Kind.TENSOR, dtype="float32"), id="too-many-operands"
        ),
        pytest.param("tf.no_such_function(1)", UNKNOWN, id="no-such-function"),
        pytest.param("u.anything(1)", UNKNOWN, id="unknown-receiver"),
        pytest.param("u + 1", UNKNOWN, id="unknown-left"),
        pytest.param("u * v", UNKNOWN, id="a-keras-variable-may-be-left"),
        pytest.param("np.ones(3) * k", UNKNOWN, id="numpy-takes-keras-variables"),
        pytest.param("u > 1", UNKNOWN, id="unknown-comparison"),
        pytest.param("u == v", UNKNOWN, id="unknown-equality"),
        pytest.param("v == u", UNKNOWN, id="equality-with-unknown"),
        pytest.param("u[0]", UNKNOWN, id="unknown-item"),
        pytest.param("names[u]", UNKNOWN, id="index-may-be-a-slice"),
        pytest.param("np.abs(u)", UNKNOWN, id="library-of-its-own"),
        pytest.param("not v", UNKNOWN, id="autograph-not"),
        pytest.param("v.no_such_method()", UNKNOWN, id="no-such-method"),
        pytest.param("tf.constant('a').numpy()", UNKNOWN, id="bytes"),
        pytest.param("np.random.uniform(size=u)", UNKNOWN, id="size-may-be-none"),
    ],
)
def test_nothing_is_claimed(call: str, expected: Value) -> None:
    claim = infer(call, CLAIMED)
    if call == "tf.zeros()":
        assert claim.shape is None
    else:
        assert claim == expected


def test_dtypes_and_constants_are_members() -> None:
    assert api.member("tensorflow", "float32").const == "float32"
    assert api.member("tensorflow.dtypes", "int64").const == "int64"
    assert api.member("numpy", "float_").const == "float64"
    assert api.member("tensorflow", "newaxis").kind is Kind.NONE
    assert api.member("tensorflow", "math").name == "tensorflow.math"
    assert api.member("numpy", "pi").kind is Kind.FLOAT


def test_loops() -> None:
    count = api.iterate(infer("range(n)", CLAIMED))
    assert (count.kind, count.low, count.high) == (Kind.INT, 0, "n")
    backwards = api.iterate(infer("range(n - 1, -1, -1)", CLAIMED))
    assert (backwards.low, backwards.high) == (0, "n")
    steps = api.iterate(infer("range(2, 10, 3)", CLAIMED))
    assert (steps.low, steps.high) == (2, 10)
    unknown = api.iterate(infer("range(u)", CLAIMED))
    assert (unknown.kind, unknown.shape, unknown.low) == (Kind.UNKNOWN, (), 0)
    pair = api.iterate(infer("enumerate([v, v])", CLAIMED))
    assert pair.items is not None
    assert (pair.items[0].low, pair.items[0].high, pair.items[1].kind) == (0, 2, Kind.VARIABLE)
    both = api.iterate(infer("zip(range(n), v.numpy())", CLAIMED))
    assert both.items is not None
    assert (both.items[0].high, both.items[1].shape) == ("n", ("m",))
    key, value = api.iterate(infer("{'a': v}.items()", CLAIMED)).items or (UNKNOWN, UNKNOWN)
    assert (key.kind, value.kind) == (Kind.STR, Kind.VARIABLE)
    row = api.iterate(infer("tf.range(n)", CLAIMED))
    assert (row.kind, row.shape, row.low, row.high) == (Kind.TENSOR, (), 0, "n")
