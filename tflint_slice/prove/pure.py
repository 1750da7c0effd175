"""The table of calls that a proof may run: TensorFlow, NumPy and built-in functions and methods.

What is not listed here is never run; ``lift`` turns it into a hole. Listed are functions that only
compute, or that change nothing but an argument the proof can see (``np.add.at``, ``v.assign``).
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TENSORFLOW = _words(
    """
    IndexedSlices TensorShape abs add add_n argmax argmin argsort as_dtype as_string bitcast
    boolean_mask broadcast_dynamic_shape broadcast_static_shape broadcast_to case cast
    clip_by_norm clip_by_value complex concat cond constant convert_to_tensor cumsum divide
    dynamic_partition dynamic_stitch einsum ensure_shape equal exp expand_dims eye fill floor
    gather gather_nd get_static_value greater greater_equal identity is_symbolic_tensor is_tensor
    less less_equal linspace logical_and logical_not logical_or matmul maximum meshgrid minimum
    multiply negative no_op norm not_equal one_hot ones ones_like pad pow range rank realdiv
    reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod
    reduce_sum repeat reshape reverse roll round saturate_cast scatter_nd searchsorted
    sequence_mask shape shape_n sign sigmoid size slice sort split sqrt square squeeze stack
    stop_gradient strided_slice subtract tanh tensor_scatter_nd_add tensor_scatter_nd_max
    tensor_scatter_nd_min tensor_scatter_nd_sub tensor_scatter_nd_update tensordot tile transpose
    truncatediv truncatemod unique unstack where zeros zeros_like
    bitwise.bitwise_and bitwise.bitwise_or bitwise.bitwise_xor bitwise.invert
    dtypes.as_dtype dtypes.cast dtypes.complex dtypes.saturate_cast
    linalg.band_part linalg.diag linalg.diag_part linalg.eye linalg.matmul linalg.norm
    linalg.normalize linalg.set_diag linalg.tensor_diag linalg.trace linalg.matrix_transpose
    math.abs math.acos math.add math.add_n math.angle math.argmax math.argmin math.asin math.atan
    math.atan2 math.ceil math.conj math.cos math.count_nonzero math.cumprod math.cumsum math.divide
    math.divide_no_nan math.equal math.erf math.exp math.expm1 math.floor math.floordiv
    math.floormod math.greater math.greater_equal math.imag math.is_finite math.is_inf math.is_nan
    math.l2_normalize math.less math.less_equal math.log math.log1p math.logical_and
    math.logical_not math.logical_or math.logical_xor math.maximum math.minimum math.mod
    math.multiply math.multiply_no_nan math.negative math.not_equal math.pow math.real
    math.reciprocal math.reduce_all math.reduce_any math.reduce_logsumexp math.reduce_max
    math.reduce_mean math.reduce_min math.reduce_prod math.reduce_std math.reduce_sum
    math.reduce_variance math.round math.rsqrt math.segment_sum math.sigmoid math.sign math.sin
    math.softplus math.sqrt math.square math.squared_difference math.subtract math.tan math.tanh
    math.top_k math.truediv math.unsorted_segment_max math.unsorted_segment_mean
    math.unsorted_segment_min math.unsorted_segment_sum
    nn.elu nn.gelu nn.l2_normalize nn.log_softmax nn.relu nn.sigmoid nn.softmax nn.softplus nn.tanh
    raw_ops.TensorScatterUpdate
    sparse.SparseTensor sparse.to_dense
    """
)

# Members of the compat modules are looked up under their plain name; these exist there alone.
TENSORFLOW_1 = _words(
    """
    assign assign_add assign_sub div floor_div floordiv mod scatter_add scatter_div scatter_max
    scatter_min scatter_mul scatter_nd_add scatter_nd_sub scatter_nd_update scatter_sub
    scatter_update batch_scatter_update tensor_scatter_add tensor_scatter_sub
    tensor_scatter_update to_float to_int32 to_int64
    """
)

KERAS = _words(
    """
    backend.get_value backend.set_value ops.add ops.cast ops.concatenate ops.convert_to_numpy
    ops.convert_to_tensor ops.expand_dims ops.maximum ops.minimum ops.multiply ops.ones
    ops.ones_like ops.reshape ops.scatter ops.scatter_update ops.shape ops.slice ops.slice_update
    ops.stack ops.subtract ops.sum ops.take ops.where ops.zeros ops.zeros_like
    """
)

NUMPY = _words(
    """
    abs absolute add all allclose amax amin any append arange argmax argmin argsort argwhere array
    array_equal asanyarray asarray ascontiguousarray atleast_1d atleast_2d bincount bitwise_and
    bitwise_or bitwise_xor bool_ broadcast_arrays broadcast_shapes broadcast_to ceil clip
    complex128 complex64 concatenate copy copyto cos count_nonzero cumprod cumsum delete diag
    digitize divide divmod dot dtype equal exp expand_dims expm1 eye fill_diagonal flatnonzero
    flip float16 float32 float64 floor floor_divide fmax fmin full full_like greater greater_equal
    histogram hstack identity imag indices insert int16 int32 int64 int8 intp invert isclose
    isfinite isin isinf isnan isscalar ix_ less less_equal linspace log log1p logical_and
    logical_not logical_or logical_xor matmul max maximum mean median meshgrid min minimum mod
    moveaxis multiply nan_to_num ndim negative newaxis nonzero not_equal ones ones_like outer pad
    place power prod put put_along_axis putmask ravel ravel_multi_index real reciprocal remainder
    repeat reshape resize rint roll round searchsorted shape sign sin size sort split sqrt square
    squeeze stack std subtract sum swapaxes take take_along_axis tan tanh tensordot tile transpose
    trunc uint16 uint32 uint64 uint8 unique unravel_index var vstack where zeros zeros_like
    add.at add.accumulate add.outer add.reduce divide.at floor_divide.at maximum.at
    maximum.reduce minimum.at minimum.reduce multiply.at multiply.outer negative.at power.at
    remainder.at subtract.at
    c_ linalg.norm mgrid ogrid r_ s_
    """
)

MATH = _words(
    """
    ceil comb cos degrees exp fabs floor fmod fsum gcd hypot isclose isfinite isinf isnan log log10
    log1p log2 pow prod radians sin sqrt tan tanh trunc
    """
)

BUILTINS = _words(
    """
    abs all any bool complex dict divmod enumerate filter float frozenset int isinstance len list
    map max min pow range repr reversed round set slice sorted str sum tuple type zip
    """
)

CONSTANTS = _words(
    """
    tensorflow.Tensor tensorflow.Variable tensorflow.bfloat16 tensorflow.bool tensorflow.complex128
    tensorflow.complex64 tensorflow.double tensorflow.float16 tensorflow.float32 tensorflow.float64
    tensorflow.half tensorflow.int16 tensorflow.int32 tensorflow.int64 tensorflow.int8
    tensorflow.newaxis tensorflow.string tensorflow.uint16 tensorflow.uint32 tensorflow.uint64
    tensorflow.uint8 tensorflow.dtypes.bfloat16 tensorflow.dtypes.float16
    tensorflow.dtypes.float32 tensorflow.dtypes.float64 tensorflow.dtypes.int32
    tensorflow.dtypes.int64 numpy.e numpy.floating numpy.generic numpy.inf numpy.integer numpy.nan
    numpy.ndarray numpy.number numpy.pi math.e math.inf math.nan math.pi math.tau keras.Variable
    """
)
"""Members of modules that are values."""

TYPES = frozenset({"bool", "bytes", "complex", "float", "int", "list", "str", "tuple"})
"""Built-in names that mean what they say where they are not called (``dtype=int``)."""

CONTEXTS = frozenset({"tensorflow.name_scope", "tensorflow.control_dependencies"})
"""Context managers that change no value."""

READING_METHODS = _words(
    """
    all any argmax argmin argsort as_list as_numpy_dtype astype clip copy count cumprod cumsum
    diagonal dot eval flatten gather_nd get get_shape index is_compatible_with item items keys max
    mean merge_with min ndims nonzero num_elements numpy prod ravel read_value read_value_no_copy
    repeat reshape round searchsorted sparse_read squeeze std sum swapaxes take tolist to_tensor
    trace transpose tobytes value values var view with_rank
    """
)

WRITING_METHODS = _words(
    """
    append assign assign_add assign_sub batch_scatter_update clear extend fill insert itemset
    partition pop put resize reverse scatter_add scatter_div scatter_max scatter_min scatter_mul
    scatter_nd_add scatter_nd_max scatter_nd_min scatter_nd_sub scatter_nd_update scatter_sub
    scatter_update set_shape setdefault sort update
    """
)

METHODS = READING_METHODS | WRITING_METHODS

ARRAY_METHODS = _words(
    """
    argmax argmin argsort as_list astype cumsum flatten get_shape numpy ravel read_value reshape
    squeeze tolist transpose
    """
)
"""Methods that say of a receiver of unknown kind that it is an array, a tensor or a variable."""

ATTRIBUTES = _words(
    """
    T as_numpy_dtype at base_dtype dims dtype flat imag indices itemsize max min name nbytes ndim
    ndims newbyteorder rank real shape size strides trainable value values
    """
)
"""Attributes that are read for what they are, on anything whose origin the proof knows."""

ARRAY_ATTRIBUTES = frozenset({"shape", "dtype", "ndim", "T", "size"})
"""Attributes that say of a receiver of unknown kind that it is an array, if it is used as one."""

_TABLES = {
    "tensorflow": TENSORFLOW,
    "numpy": NUMPY,
    "math": MATH,
    "keras": KERAS,
    "builtins": BUILTINS,
}

MODULES = frozenset(_TABLES)
"""The packages that may be imported to run the calls above."""


def is_pure(qualified: str) -> bool:
    """Whether a call of this function may be run.

    >>> is_pure("tensorflow.compat.v2.tensor_scatter_nd_update"), is_pure("numpy.save")
    (True, False)
    """
    root, _, name = canonical(qualified).partition(".")
    if root == "tensorflow" and name.startswith("experimental.numpy."):
        return False
    if qualified.startswith("tensorflow.compat.v1.") and name in TENSORFLOW_1:
        return True
    return name in _TABLES.get(root, frozenset())


def canonical(qualified: str) -> str:
    """The name under which a function is listed.

    >>> canonical("tensorflow.keras.ops.shape"), canonical("tensorflow.compat.v1.where")
    ('keras.ops.shape', 'tensorflow.where')
    """
    for prefix, plain in (
        ("tensorflow.compat.v1.", "tensorflow."),
        ("tensorflow.compat.v2.", "tensorflow."),
        ("tensorflow.keras.", "keras."),
        ("tf_keras.", "keras."),
    ):
        if qualified.startswith(prefix):
            return canonical(plain + qualified[len(prefix) :])
    return qualified
