"""The vocabulary of tflint-slice: what a partial update is, and what is said about it.

Everything here is a frozen value that knows nobody else in the package. Above this module code is
read (``infer``, ``idioms``), below it code is written and tried out (``rewrites``, ``prove``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from typing import Union

# --- places in the source -------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Span:
    """A half-open range of character offsets into the decoded text of one file."""

    start: int
    end: int

    def __contains__(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, order=True)
class Location:
    """A place as people and editors count it: both numbers start at 1, columns are characters."""

    row: int
    column: int


@dataclass(frozen=True, order=True)
class Edit:
    """Replace the characters of ``span`` by ``content``; an empty span inserts."""

    span: Span
    content: str


# --- what an expression is ------------------------------------------------------------------------


class Kind(str, Enum):
    """What an expression evaluates to, as far as the code shows it."""

    UNKNOWN = "unknown"
    NONE = "none"
    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    COMPLEX = "complex"
    STR = "str"
    LIST = "list"
    TUPLE = "tuple"
    DICT = "dict"
    SLICE = "slice"
    ELLIPSIS = "ellipsis"
    MODULE = "module"
    FUNCTION = "function"
    CLASS = "class"
    INSTANCE = "instance"
    NDARRAY = "ndarray"
    TENSOR = "tensor"
    VARIABLE = "tf-variable"
    """A ``tf.Variable``; ``Operand.plain`` says whether its creation is in view."""
    KERAS2_WEIGHT = "keras2-weight"
    """A weight of ``tf_keras``, or of ``tf.keras`` before TensorFlow 2.16: has scatter methods."""
    KERAS3_VARIABLE = "keras3-variable"
    """A ``keras.Variable``: no ``tf.Variable``, no scatter methods."""
    SOME_VARIABLE = "some-variable"
    """Certainly a variable, of a class that the code does not show."""

    @property
    def is_variable(self) -> bool:
        return self in _VARIABLES

    @property
    def is_number(self) -> bool:
        """A Python number. (NumPy scalars are arrays of rank 0 here.)"""
        return self in (Kind.BOOL, Kind.INT, Kind.FLOAT, Kind.COMPLEX)


_VARIABLES = frozenset(
    {Kind.VARIABLE, Kind.KERAS2_WEIGHT, Kind.KERAS3_VARIABLE, Kind.SOME_VARIABLE}
)

Dim = Union[int, str, None]
"""One dimension: its length, a symbol that two equal dimensions share, or None for unknown."""

Shape = tuple[Dim, ...]
"""All dimensions of an array. An array of unknown rank has ``shape=None`` instead."""


@dataclass(frozen=True)
class Operand:
    """An expression of the user's code together with what was inferred of it.

    ``text`` is the expression as written, ``span`` its place (None where it was made up).
    ``low`` and ``high`` bound an int, or every entry of an index array: ``low <= entry``, and
    ``entry < high`` where ``high`` may be a symbolic dimension. ``distinct`` promises that no two
    entries of an index array are equal. ``constant`` says that ``text`` is a literal.
    ``pure`` says that evaluating it has no effect and calls nothing unknown, so that it may be
    evaluated once instead of twice, or a little later. ``captured`` says that it may be an eager
    tensor made outside of the function that uses it. ``least_rank`` is a rank that it cannot be
    below where its shape is unknown.
    """

    text: str
    span: Span | None = field(default=None, compare=False)
    kind: Kind = Kind.UNKNOWN
    dtype: str | None = None
    shape: Shape | None = None
    plain: bool = False
    low: int | None = None
    high: Dim = None
    distinct: bool = False
    constant: bool = False
    pure: bool = False
    captured: bool = True
    least_rank: int = 0

    @property
    def rank(self) -> int | None:
        return None if self.shape is None else len(self.shape)

    @property
    def size(self) -> int | None:
        """The number of elements, where every dimension is known."""
        lengths = [length for length in self.shape or () if isinstance(length, int)]
        return math.prod(lengths) if len(lengths) == self.rank else None


# --- the waist of the hourglass: a partial update -------------------------------------------------


class Op(str, Enum):
    """What happens to the elements of the region: ``element = element <op> value``."""

    SET = "set"
    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"
    DIVIDE = "divide"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    FLOOR_DIVIDE = "floor-divide"
    MODULO = "modulo"
    POWER = "power"
    BITWISE = "bitwise"
    MATMUL = "matmul"


class Duplicates(str, Enum):
    """What an element that the region names twice ends up with."""

    LAST_WINS = "last wins"
    ONCE = "applied once"
    ACCUMULATE = "accumulate"
    RAISE = "raise"
    UNSPECIFIED = "unspecified"


class Negative(str, Enum):
    """What a negative index does."""

    WRAP = "wraps"
    RAISE_OR_IGNORE = "raises on a CPU, is ignored under XLA and on a GPU"
    IGNORE = "is ignored"
    DEPENDS = "wraps or not, by its value"


class Bounds(str, Enum):
    """What an index outside of the axis does."""

    RAISE = "raises"
    RAISE_OR_IGNORE = "raises on a CPU, is ignored under XLA and on a GPU"
    IGNORE = "is ignored"
    CHANGE_LENGTH = "makes the result longer or shorter"


@dataclass(frozen=True)
class Point:
    """One entry of an axis, ``v[i]``; the axis vanishes from the region's shape."""

    index: Operand


@dataclass(frozen=True)
class Range:
    """A slice of an axis, ``v[start:stop:step]``, clamped as Python clamps it."""

    start: Operand | None = None
    stop: Operand | None = None
    step: Operand | None = None


@dataclass(frozen=True)
class Full:
    """A whole axis, ``:``."""


@dataclass(frozen=True)
class Rest:
    """Every axis that is not named, ``...``."""


@dataclass(frozen=True)
class NewAxis:
    """An axis of length 1 that the region has and the target has not: ``None``."""


@dataclass(frozen=True)
class Points:
    """Many entries of an axis from an integer array or list, NumPy's fancy indexing."""

    indices: Operand


Axis = Union[Point, Range, Full, Rest, NewAxis, Points]


@dataclass(frozen=True)
class Axes:
    """A region in NumPy's terms, one entry an axis, trailing axes left out meaning all of them."""

    axes: tuple[Axis, ...]

    @property
    def is_basic(self) -> bool:
        """Only ints, slices, ``...`` and new axes: what ``v[...]`` accepts on a variable."""
        return not any(isinstance(axis, Points) for axis in self.axes)


@dataclass(frozen=True)
class IndexTensor:
    """A region as scatter takes it: ``indices[..., :]`` are coordinates of ``depth`` axes.

    ``indices=None`` stands for coordinates inside ``Update.value``, as in ``tf.IndexedSlices``.
    The first ``batch`` axes of target and indices are walked together.
    """

    indices: Operand | None
    depth: int | None = None
    batch: int = 0


@dataclass(frozen=True)
class Mask:
    """The entries where a boolean array is true; ``axes`` leading axes are covered (None: all).

    ``of_target`` says that the mask is an elementwise comparison of the target with a number, so
    that it has the target's shape whatever that is. ``alike`` says that comparisons in it come out
    the same in NumPy and in TensorFlow, which converts what is compared to the tensor's dtype.
    """

    mask: Operand
    axes: int | None = None
    of_target: bool = False
    alike: bool = True


@dataclass(frozen=True)
class Within:
    """A region of a region: what ``v[i].scatter_nd_update(indices, x)`` names."""

    outer: Axes
    inner: Union[Axes, IndexTensor, Mask]


@dataclass(frozen=True)
class Unrecognised:
    """An index that fits none of the forms: of unknown type, of floats, of strings."""

    index: Operand


Region = Union[Axes, IndexTensor, Mask, Within, Unrecognised]


@dataclass(frozen=True)
class Update:
    """One change of one region. Statements of any spelling that mean the same are equal here.

    ``value`` is None where nothing is stored (``del v[i]``) or where the value has no expression
    of its own (``for v[i] in xs``, a tuple target). ``index`` is what stands between the brackets
    of a subscript, as written. ``stable`` says that evaluating the value cannot change what the
    target and the index evaluate to, so that they may change places. ``condition`` is what has to
    be true for the update to happen. ``order`` names what is evaluated first to
    last, so that a rewrite that turns it round can be seen to do so. ``exact`` is false where the
    spelling computes the update in a way that differs for NaN, infinity or rounding, as
    ``v * (1 - m) + x * m`` does.
    """

    region: Region
    value: Operand | None
    op: Op = Op.SET
    duplicates: Duplicates = Duplicates.LAST_WINS
    negative: Negative = Negative.WRAP
    bounds: Bounds = Bounds.RAISE
    order: tuple[str, ...] = ("value", "index")
    index: str = ""
    stable: bool = False
    condition: Operand | None = None
    exact: bool = True


class Effect(str, Enum):
    """What the code does today when it runs."""

    WRITES = "writes"
    RAISES = "always raises"
    NOTHING = "leaves the target as it was"
    REBINDS = "binds the name to a tensor"
    REPLACES = "binds the name to another variable"
    ABORTS = "ends the process"


@dataclass(frozen=True)
class Loop:
    """``for targets in iterable``: what its body's update takes its index and value from.

    ``rows`` says that the update is made by a method for whole rows, such as ``scatter_update``,
    which works in places where a method for elements does not.
    """

    targets: tuple[Operand, ...]
    iterable: Operand
    rows: bool = False


@dataclass(frozen=True)
class UpdateSequence:
    """A partial update as the code spells it: what is changed, how, and what the spelling costs.

    ``target`` is the variable or tensor that is meant to change. ``source`` is what the unchanged
    elements are read from where that is not the target itself. ``read_first`` says that the
    target is read before indices and values are evaluated, so that a write made by those is lost.
    ``atomic`` says that an update which fails leaves the target untouched. ``used`` says that
    the value of the statement is used. ``place`` is the statement or expression that new code
    replaces; ``statements`` are those that vanish besides, and ``temporaries`` the names that die
    with them. ``call`` is a scatter call whose arguments new code may take over as they stand.
    ``loop`` is the loop whose every turn makes these updates, if it is part of the sequence.
    """

    target: Operand
    updates: tuple[Update, ...]
    effect: Effect
    source: Operand | None = None
    read_first: bool = False
    atomic: bool = False
    used: bool = False
    loop: Loop | None = None
    place: Span | None = None
    call: Operand | None = None
    statements: tuple[Span, ...] = ()
    temporaries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Misuse:
    """What is wrong without being an update that could be written differently.

    ``edits`` mend it where only one reading fits, and ``correction`` says in words how;
    ``reference`` then says in NumPy's terms what the mended code is taken to mean, and is what its
    proof compares with.
    """

    target: Operand
    effect: Effect
    statement: Span | None = None
    edits: tuple[Edit, ...] = ()
    reference: str | None = None
    correction: str = "Mend the brackets"


# --- what is said about it ------------------------------------------------------------------------


class Applicability(str, Enum):
    """How far a fix may be trusted without a person looking at it."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


class Reason(str, Enum):
    """Why a finding has no safe fix. The value is the code, ``text`` the sentence for people."""

    text: str

    def __new__(cls, code: str, text: str) -> Reason:
        member = str.__new__(cls, code)
        member._value_ = code
        member.text = text
        return member

    MAYBE_NEGATIVE_INDEX = "maybe-negative-index", "an index may be negative; scatter does not wrap"
    MAYBE_OUT_OF_RANGE = "maybe-out-of-range", "an index may lie outside of its axis"
    INDEX_DTYPE = "index-dtype", "an index of 8 or 16 bits is refused by in-place scatter"
    MAYBE_DUPLICATE_INDEX = "maybe-duplicate-index", "an index may occur twice"
    UNKNOWN_INDEX = "unknown-index", "what kind of index this is cannot be seen"
    UNKNOWN_RANK = "unknown-rank", "the rank of the variable or of the indices cannot be seen"
    UNKNOWN_SHAPE = "unknown-shape", "a shape that the rewrite has to name cannot be seen"
    UNKNOWN_DTYPE = "unknown-dtype", "the dtype of the variable cannot be seen"
    UNKNOWN_VALUE = "unknown-value", "what kind of value is stored cannot be seen"
    DTYPE_CAST = "dtype-cast", "the value may be of another dtype than the variable"
    VALUE_OUT_OF_DTYPE = "value-out-of-dtype", "the value does not fit the dtype of the variable"
    VALUE_ESCAPES = "value-escapes", "the NumPy copy, or a view of it, is used elsewhere"
    KERAS_VARIABLE = "keras-variable", "a Keras 3 variable has no scatter methods"
    MAYBE_DISTRIBUTED = (
        "maybe-distributed",
        "the variable may live under a distribution strategy, where in-place scatter fails",
    )
    VARIABLE_CLASS = "variable-class", "the class of the variable cannot be seen"
    MIXED_PRECISION = (
        "mixed-precision",
        "under mixed precision a Keras weight is read rounded, all of it",
    )
    GRAPH_MODE = "graph-mode", "TensorFlow 1 graph code: an update is an op that must be run"
    READ_DENSELY = "read-densely", "read as a whole more often than written: in place is no gain"
    FEW_ELEMENTS = "few-elements", "the array is known to be smaller than `min-elements`"
    NOT_SELECTED = "not-selected", "reported only where the rule is selected by its whole code"
    CAUGHT_EXCEPTION = "caught-exception", "a handler in reach would see another exception or state"
    SIDE_EFFECTS = "side-effects", "an expression with side effects would run once less or earlier"
    EVALUATION_ORDER = "evaluation-order", "index and value would be evaluated in another order"
    NAME_SHADOWED = "name-shadowed", "the names the new code needs are not to be had here"
    COMMENT_INSIDE = "comment-inside", "a comment stands inside the code to be replaced"
    STATEMENT_BETWEEN = "statement-between", "code between the read and the write may change either"
    LOOP_OF_UPDATES = "loop-of-updates", "one update for each turn of a loop: batch them by hand"
    INEXACT_OPERATOR = "inexact-operator", "TensorFlow's operator rounds differently from NumPy's"
    NO_REWRITE = "no-rewrite", "there is no rewrite for this form; see the rule's page"
    NO_GPU_KERNEL = "no-gpu-kernel", "in-place scatter of this dtype has no GPU kernel"
    NO_XLA_KERNEL = "no-xla-kernel", "an update of this kind does not compile under XLA"
    ALWAYS_RAISES = "always-raises", "the code fails as it stands; what it should do is a guess"
    CHANGES_MEANING = "changes-meaning", "the fix changes what the program does today"
    BATCH_SHAPE = "batch-shape", "the pieces do not fit into one update"


@dataclass(frozen=True)
class Rule:
    """One row of the catalogue. The page ``rules/<code>.md`` says the rest.

    ``follows``: the fix of another rule may leave what this one finds, and the next round mends.
    """

    code: str
    name: str
    summary: str
    follows: bool = False

    @property
    def economic(self) -> bool:
        """Whether what it finds works, and only costs more than it has to."""
        return self.code.startswith(("TFS2", "TFS3", "TFS401"))


@dataclass(frozen=True)
class Site:
    """What a proof needs of a fix: the statements before and after, and what is known of them.

    ``before`` and ``after`` are whole statements, dedented. ``facts`` maps the text of an
    expression in them (as ``ast.unparse`` writes it) to what was inferred of it. ``modules`` maps
    the names that mean a module or one of its members in this code to their qualified names
    (``{"tf": "tensorflow"}``). ``target`` is the text of the receiver that both sides write.
    ``reference`` replaces ``before`` where that always raises: statements in NumPy's terms.
    ``dead`` are names that nothing reads behind the statements. ``assumes`` is the reason for
    which the fix is not safe. ``caught``: some code may carry on after an exception, and see which
    one it was and the state it left. ``taped``: gradients may be taken through the statements.
    ``compiled``: they may be compiled by XLA. ``local``: no variable is distributed.
    """

    before: str
    after: str
    target: str
    facts: tuple[tuple[str, Operand], ...] = ()
    modules: tuple[tuple[str, str], ...] = ()
    reference: str | None = None
    dead: tuple[str, ...] = ()
    assumes: Reason | None = None
    caught: bool = False
    taped: bool = False
    compiled: bool = False
    local: bool = False


@dataclass(frozen=True)
class Fix:
    """A set of edits that belong together, and how far they may be trusted.

    Where ``changes_code`` is false they are about comments alone, and there is nothing to prove.
    """

    message: str
    applicability: Applicability
    edits: tuple[Edit, ...]
    site: Site | None = None
    changes_code: bool = True


class Verdict(str, Enum):
    """What became of a proof."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNPROVED = "unproved"


@dataclass(frozen=True)
class Proof:
    """What was run to prove one fix, and what came of it.

    ``samples`` counts the inputs on which both sides were run and compared; ``counterexample`` is
    a program that shows the difference; ``exceptions`` names numeric differences that are allowed.
    ``inapplicable`` are modes in which the original itself does not run, so that there is nothing
    to compare.
    """

    verdict: Verdict
    reason: str = ""
    devices: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    samples: int = 0
    counterexample: str = ""
    exceptions: tuple[str, ...] = ()
    inapplicable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing to report. A declined finding is kept for ``--show-declined`` only.

    ``opt_in`` asks that the rule be selected by its whole code; else the finding is declined.
    """

    rule: Rule
    message: str
    span: Span
    start: Location
    end: Location
    fix: Fix | None = None
    reason: Reason | None = None
    declined: bool = False
    opt_in: bool = False
    proof: Proof | None = None
    lines: tuple[int, int] = field(default=(0, 0))
    """First and last physical line of the statement: where a suppression comment may stand."""

    @property
    def fixable(self) -> bool:
        return self.fix is not None and self.fix.applicability is not Applicability.DISPLAY
