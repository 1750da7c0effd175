"""Which functions have no side effect, call nothing unknown and give the same result again."""

from __future__ import annotations

from typing import Final

from tflint_slice.infer.calls import words
from tflint_slice.infer.dtypes import NUMPY_MEMBERS
from tflint_slice.infer.names import canonical

_TENSORFLOW: Final = words(
    "abs acos acosh add add_n argmax argmin argsort as_dtype as_string asin asinh atan atan2 atanh"
    " batch_to_space bitcast boolean_mask broadcast_dynamic_shape broadcast_static_shape"
    " broadcast_to cast clip_by_global_norm clip_by_norm clip_by_value complex concat constant"
    " convert_to_tensor cos cosh cumsum divide dynamic_partition dynamic_stitch edit_distance eig"
    " eigvals einsum ensure_shape equal exp expand_dims eye fill fingerprint floor gather gather_nd"
    " greater greater_equal histogram_fixed_width histogram_fixed_width_bins identity identity_n"
    " is_tensor less less_equal linspace logical_and logical_not logical_or matmul"
    " matrix_square_root maximum meshgrid minimum multiply negative norm not_equal one_hot ones"
    " ones_like pad parallel_stack pow range rank realdiv reduce_all reduce_any reduce_logsumexp"
    " reduce_max reduce_mean reduce_min reduce_prod reduce_sum repeat reshape reverse"
    " reverse_sequence roll round saturate_cast scalar_mul scatter_nd searchsorted sequence_mask"
    " shape shape_n sigmoid sign sin sinh size slice sort space_to_batch space_to_batch_nd split"
    " sqrt square squeeze stack stop_gradient strided_slice subtract tan tanh tensor_scatter_nd_add"
    " tensor_scatter_nd_max tensor_scatter_nd_min tensor_scatter_nd_sub tensor_scatter_nd_update"
    " tensordot tile transpose truediv truncatediv truncatemod unique unique_with_counts"
    " unravel_index unstack where zeros zeros_like TensorShape IndexedSlices"
)
_MODULES: Final = ("tensorflow.math.", "tensorflow.linalg.", "tensorflow.bitwise.")
"""Everything in these modules is pure, but for what is named below."""

_NOT: Final = frozenset(("tensorflow.math.sobol_sample", "tensorflow.linalg.experimental"))
_NN: Final = words(
    "relu relu6 elu selu gelu silu leaky_relu crelu bias_add embedding_lookup l2_loss moments"
    " conv1d conv2d conv3d max_pool avg_pool depthwise_conv2d batch_normalization"
    " sigmoid_cross_entropy_with_logits softmax_cross_entropy_with_logits"
    " sparse_softmax_cross_entropy_with_logits"
)
_NUMPY: Final = words(
    "abs add all allclose any append arange arccos arcsin arctan arctan2 argmax argmin argsort"
    " argwhere array array_equal array_split asarray atleast_1d atleast_2d atleast_3d average"
    " bincount bitwise_and bitwise_or bitwise_xor broadcast_arrays broadcast_shapes broadcast_to"
    " cbrt ceil clip column_stack concatenate conjugate copy cos cosh count_nonzero cross cumprod"
    " cumsum delete diag diag_indices diff digitize dot dstack einsum empty_like equal exp exp2"
    " expand_dims expm1 eye fabs fix flatnonzero flip fliplr flipud floor floor_divide fmax fmin"
    " full full_like greater greater_equal histogram hstack hypot identity in1d indices inner"
    " insert interp invert isclose isfinite isin isinf isnan ix_ kron left_shift less less_equal"
    " linspace log log10 log1p log2 logaddexp logical_and logical_not logical_or logical_xor"
    " logspace matmul max maximum mean median meshgrid min minimum moveaxis multiply nan_to_num"
    " nanmax nanmean nanmin nansum ndim negative nonzero not_equal ones ones_like outer pad"
    " percentile power prod ptp quantile ravel ravel_multi_index reciprocal remainder repeat"
    " reshape result_type right_shift rint roll rot90 round searchsorted setdiff1d shape sign sin"
    " sinh size sort split sqrt square squeeze stack std subtract sum swapaxes take take_along_axis"
    " tan tanh tensordot tile trace transpose tri tril tril_indices triu triu_indices true_divide"
    " trunc union1d unique unravel_index var vdot vstack where zeros zeros_like dtype"
)
_BUILTINS: Final = words(
    "abs bool complex divmod enumerate float int isinstance issubclass len list max min pow range"
    " reversed round slice sorted sum tuple zip"
)
_MATH: Final = words(
    "ceil cos exp fabs floor gcd hypot isnan isinf isfinite log log10 log1p log2 pow prod sin sqrt"
    " tan tanh trunc"
)


def is_pure(name: str) -> bool:
    """Whether calling a function may be repeated, left out or moved.

    >>> is_pure("tensorflow.math.add"), is_pure("numpy.random.rand")
    (True, False)
    """
    name = canonical(name)
    if name.startswith("tensorflow.compat.v1."):
        name = "tensorflow." + name[len("tensorflow.compat.v1.") :]
        name = canonical(name)
    module, _, last = name.rpartition(".")
    if module == "tensorflow":
        return last in _TENSORFLOW
    if module == "tensorflow.nn":
        return last in _NN
    if module == "numpy":
        return last in _NUMPY or last in NUMPY_MEMBERS
    if module == "builtins":
        return last in _BUILTINS
    if module == "math":
        return last in _MATH
    return name.startswith(_MODULES) and not any(name.startswith(prefix) for prefix in _NOT)
