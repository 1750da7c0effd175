"""Timing: the numbers that are asked for are there, and what is said of them follows from them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from math import prod
from pathlib import Path

import numpy as np
import pytest
from command_line import RunCommand
from proof_sites import FLOAT, UNKNOWN, indices, integer, site, some_variable, tensor, variable

from tflint_slice.model import (
    Applicability,
    Finding,
    Fix,
    Kind,
    Location,
    Operand,
    Rule,
    Site,
    Span,
)
from tflint_slice.prove.cases import Case
from tflint_slice.prove.growth import Curve, Pattern, Result, Timing
from tflint_slice.prove.lift import lift
from tflint_slice.prove.process import Worker
from tflint_slice.prove.sample import Sampler
from tflint_slice.prove.scaling import scaled, scalings
from tflint_slice.prove.wire import Message, site_to_json
from tflint_slice.report.timings import lines

# --- curves ---------------------------------------------------------------------------------------


def _curve(*ratios: float, pattern: Pattern = Pattern.ALONE) -> Curve:
    """A curve from 1,000 elements on, ten times as many for each ratio."""
    timings = [
        Timing((10**power, 100), (2 * ratio, ratio, ratio), (2.0, 1.0, 1.0))
        for power, ratio in enumerate(ratios, 1)
    ]
    return Curve(pattern, tuple(timings))


@pytest.mark.parametrize(
    ("ratios", "crossing", "words"),
    [
        pytest.param((2.0, 3.0), 1_000, "at every size timed", id="faster at every size"),
        pytest.param((0.5, 0.9, 1.5, 9.0), 100_000, "from 100,000 elements on", id="crosses once"),
        pytest.param((2.0, 0.9, 1.5), 100_000, "from 100,000 elements on", id="and stays so"),
        pytest.param((2.0, 2.0, 0.9), None, "not at the largest size timed", id="not at the last"),
        pytest.param((0.5, 0.9), None, "not at the largest size timed", id="slower at every size"),
        pytest.param((0.5, 1.0), None, "not at the largest size timed", id="as fast is not faster"),
        pytest.param((1.01,), 1_000, "at every size timed", id="one size"),
    ],
)
def test_where_the_curves_cross(
    ratios: tuple[float, ...], crossing: int | None, words: str
) -> None:
    curve = _curve(*ratios)
    assert curve.crossing == crossing
    assert curve.faster == words


def test_what_is_within_the_noise_is_not_faster() -> None:
    noisy = Timing((1_000,), (0.8, 0.9, 1.2, 1.3, 1.4), (1.0,) * 5)
    assert noisy.ratio == 1.2
    assert not noisy.is_faster
    assert Curve(Pattern.ALONE, (noisy,)).crossing is None


def test_a_ratio_is_taken_pair_by_pair() -> None:
    """The machine was ten times slower for a while, for both sides of two pairs."""
    timing = Timing((5, 2), (2.0, 20.0, 30.0), (1.0, 10.0, 10.0))
    assert timing.elements == 10
    assert timing.ratios == (2.0, 2.0, 3.0)
    assert timing.ratio == 2.0
    assert timing.spread == (2.0, 2.5)


def _result(message: str, fix: str, *curves: Curve) -> Result:
    start = Location(1, 1)
    finding = Finding(Rule("TFS999", "name", "summary"), message, Span(0, 1), start, start)
    return Result(finding, Fix(fix, Applicability.SAFE, ()), "float32", curves)


SLOWER = _curve(2.0, 0.5, pattern=Pattern.READ)


@pytest.mark.parametrize(
    ("result", "sentences"),
    [
        pytest.param(_result("`v` copies all of `v`", "Use x", _curve(0.5, 2.0)), 0, id="a gain"),
        pytest.param(_result("`v` copies all of `v`", "Use x", SLOWER), 1, id="by the finding"),
        pytest.param(_result("`v[...]` raises", "Use x in place", SLOWER), 1, id="by the fix"),
        pytest.param(_result("`v[...]` raises", "Use x", SLOWER), 0, id="no claim"),
        pytest.param(_result("`v` copies all of `v`", "Use x"), 0, id="no numbers"),
    ],
)
def test_a_gain_that_is_not_there_is_said_not_to_be(result: Result, sentences: int) -> None:
    found = list(result.contradictions())
    assert len(found) == sentences
    for sentence in found:
        assert "updates between dense reads are slower" in sentence
        assert "at 10,000 elements (ratio 0.50" in sentence


def _scatter(
    indices: str = "[[i]]", updates: str = "[x]", method: str = "update"
) -> dict[str, str]:
    return {
        "before": f"v.assign(tf.tensor_scatter_nd_{method}(v, {indices}, {updates}))",
        "after": f"v.scatter_nd_{method}({indices}, {updates})",
    }


# --- larger inputs --------------------------------------------------------------------------------


def _grown(of: Site, elements: int, *, alone: bool) -> tuple[Case, Case, list[str]]:
    """A case and a larger one, with the texts of their inputs; the first axis grows."""
    lifted = lift(of)
    sampler = Sampler(of, lifted)
    case = sampler.case(sampler.plan())
    scaling = next(scaling for scaling in scalings(case.plan) if scaling.alone is alone)
    assert scaling.axis == 0
    texts = [item.text for item in lifted.inputs]
    return case, scaled(case, scaling, sampler, elements), texts


SQUARE = site(**_scatter("ix", "x + n"), v=variable(2, 3), ix=indices(2, 2, low=0, high=2),
              x=tensor(2), n=integer(2, 3))  # fmt: skip


@pytest.mark.parametrize(
    ("alone", "shapes"),
    [
        pytest.param(True, {"v": (500, 3), "ix": (2, 2), "x": (2,), "n": 2}, id="alone"),
        pytest.param(False, {"v": (500, 3), "ix": (500, 2), "x": (500,), "n": 500}, id="all"),
    ],
)
def test_what_is_of_the_known_length_grows_or_does_not(
    alone: bool, shapes: dict[str, object]
) -> None:
    """The columns of indices count axes: that they are as many as there are rows is chance."""
    case, larger, texts = _grown(SQUARE, 1_500, alone=alone)
    values = (drawn.value for drawn in larger.inputs)
    found = {
        text: value.shape if isinstance(value, np.ndarray) else value
        for text, value in zip(texts, values, strict=True)
    }
    assert found == shapes
    for old, new in zip(case.inputs, larger.inputs, strict=True):
        assert (old.form, old.dtype) == (new.form, new.dtype)
        if isinstance(old.value, np.ndarray):
            assert old.value.dtype == new.value.dtype
            assert (new.value[: len(old.value)] == old.value).all()


def test_indices_that_differ_go_on_to_do_so() -> None:
    of = site(
        **_scatter("ix[:, None]", "x"),
        v=variable("n"),
        ix=indices("n", low=0, high="n", distinct=True),
        x=tensor("n"),
    )
    _, larger, texts = _grown(of, 1_000, alone=False)
    rows = larger.inputs[texts.index("ix")].value.tolist()
    assert sorted(rows) == list(range(1_000))


# --- the worker -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    shared = Worker()
    yield shared
    shared.end()


def _time(worker: Worker, of: Site, elements: int, mode: str = "eager") -> Message:
    request = {
        "task": "time",
        "site": site_to_json(of),
        "device": worker.ready[0],
        "mode": mode,
        "elements": elements,
        "budget": 0.0,
    }
    answer = worker.ask(request, 60.0)
    assert "answer" in answer, answer
    timed: Message = answer["answer"]
    return timed


ROUND_TRIP = "a = v.numpy()\na[i] = x\nv.assign(a)"
INT = integer(0, 4)


@pytest.mark.parametrize(
    ("of", "elements", "shape"),
    [
        pytest.param(
            site(**_scatter(), v=variable(5), i=INT, x=FLOAT), 1_000, [1_000], id="known length"
        ),
        pytest.param(
            site(**_scatter(), v=variable(5), i=INT, x=FLOAT), 10_000, [10_000], id="more of it"
        ),
        pytest.param(
            site(**_scatter(), v=variable("n@3:4"), i=integer(0, "n@3:4"), x=FLOAT),
            1_000,
            [1_000],
            id="symbolic length",
        ),
        pytest.param(
            site(**_scatter(), v=variable(None), i=INT, x=FLOAT), 1_000, [1_000], id="open length"
        ),
        pytest.param(
            site(**_scatter(), v=variable(9_000_000), i=INT, x=FLOAT), 1_000, [1_000], id="shrinks"
        ),
        pytest.param(
            site(**_scatter("[[i, 0]]"), v=variable(4, 4), i=INT, x=FLOAT),
            1_000,
            [250, 4],
            id="the other axis is only as long by chance",
        ),
        pytest.param(
            site(**_scatter("[[i, 0]]"), v=variable("n", "n"), i=integer(0, "n"), x=FLOAT),
            10_000,
            [100, 100],
            id="both axes have the same length",
        ),
        pytest.param(
            site(
                ROUND_TRIP, "v.scatter_nd_update([[i]], [x])", v=variable(5, 4), i=INT, x=tensor(4)
            ),
            1_000,
            [250, 4],
            id="through NumPy, a row",
        ),
        pytest.param(
            site(
                "v.assign(tf.where(m, x, v))",
                "v.assign(tf.where(m, x, v.value()))",
                v=variable(5),
                m=tensor(5, dtype="bool"),
                x=tensor(),
            ),
            1_000,
            [1_000],
            id="a mask of the same known length grows with it",
        ),
        pytest.param(
            site(
                **_scatter("tf.stack([tf.range(n), c], 1)", "x"),
                v=variable("n", 3),
                c=indices("n", low=0, high=3),
                x=tensor("n"),
                n=integer(0, "n"),
            ),
            3_000,
            [1_000, 3],
            id="indices and updates of the same symbolic length grow with it",
        ),
        pytest.param(
            site(
                **_scatter("ix[:, None]", "x"),
                v=variable("n"),
                ix=indices("n", low=0, high="n", distinct=True),
                x=tensor("n"),
            ),
            1_000,
            [1_000],
            id="distinct indices",
        ),
    ],
)
def test_inputs_have_as_many_elements_as_asked(
    worker: Worker, of: Site, elements: int, shape: list[int]
) -> None:
    answer = _time(worker, of, elements)
    assert answer.get("shape") == shape, answer
    assert prod(shape) == elements
    for pattern in Pattern:
        before, after = answer[pattern.name]["before"], answer[pattern.name]["after"]
        assert len(before) == len(after) >= 3
        assert min(*before, *after) > 0


def _reason(worker: Worker, of: Site, mode: str = "eager") -> str:
    return str(_time(worker, of, 1_000, mode).get("reason"))


@pytest.mark.parametrize(
    ("of", "mode", "reason"),
    [
        pytest.param(
            site("v[i] = x", "v[i].assign(x)", v=variable(5), i=INT, x=FLOAT),
            "eager",
            "nothing to compare: the original does not do what the fix does",
            id="in NumPy's terms",
        ),
        pytest.param(
            site(ROUND_TRIP, "v.scatter_nd_update([[i]], [x])", v=variable(5), i=INT, x=FLOAT),
            "tf.function",
            "not applicable: the original raises NotImplementedError in tf.function",
            id="no NumPy in a graph",
        ),
        pytest.param(
            site(**_scatter(), v=tensor(5), i=INT, x=FLOAT),
            "eager",
            "not timed: what is updated is no variable",
            id="a tensor",
        ),
        pytest.param(
            site(
                "v.assign(x)", "v.assign(x)", v=Operand("", kind=Kind.VARIABLE, shape=()), x=FLOAT
            ),
            "eager",
            "not timed: no axis of the variable can be made longer while the rest fits",
            id="rank 0",
        ),
        pytest.param(
            site(**_scatter(), v=variable(5, dtype="string"), i=INT, x=tensor(dtype="string")),
            "eager",
            "not timed: strings are not timed",
            id="strings",
        ),
        pytest.param(
            site(
                **_scatter("tf.range(n)[:, None]", "x"),
                v=variable("n"),
                n=integer(),
                x=Operand("", kind=Kind.LIST, dtype="float64", shape=("n",)),
            ),
            "eager",
            "not timed: `x` is a list as long as the variable",
            id="a list",
        ),
        pytest.param(
            site("v.assign(v + 'a')", "v.assign(v + 'a')", v=variable(5)),
            "eager",
            "not timed: no input found on which the original returns",
            id="never returns",
        ),
        pytest.param(
            site(**_scatter(), v=variable(3, 6_000), i=integer(0, 3), x=tensor(6_000)),
            "eager",
            "not timed: the other axes of the variable hold 6,000 elements",
            id="a row is longer than that",
        ),
        pytest.param(
            site("v.assign(v + 1.0)", "v.assign(v[:3])", v=variable(5)),
            "eager",
            "not timed: the fix raises ValueError where the original returns",
            id="a fix that raises",
        ),
        pytest.param(
            site("v.assign(v + 1.0)", "v.assign(v.numpy() + 1.0)", v=variable(5)),
            "tf.function",
            "not applicable: the fix raises NotImplementedError in tf.function",
            id="a fix that cannot be traced",
        ),
        pytest.param(
            site("yield v", "yield v", v=variable(5)),
            "eager",
            "not timed: an expression of kind Yield cannot be lifted",
            id="cannot be lifted",
        ),
    ],
)
def test_what_cannot_be_timed_has_a_reason(
    worker: Worker, of: Site, mode: str, reason: str
) -> None:
    assert _reason(worker, of, mode) == reason


@pytest.mark.parametrize(
    ("of", "mode"),
    [
        pytest.param(
            site(
                **_scatter("ix", "x"),
                v=variable(5),
                ix=indices("k", 1, low=0, high=5),
                x=tensor("k"),
            ),
            "tf.function",
            id="traced",
        ),
        pytest.param(
            site(
                "if b:\n    v.assign(tf.tensor_scatter_nd_update(v, [[1]], [x]))",
                "if b:\n    v.scatter_nd_update([[1]], [x])",
                v=variable(5),
                b=tensor(dtype="bool"),
                x=tensor(),
            ),
            "tf.function",
            id="traced with a branch",
        ),
        pytest.param(
            site(**_scatter("[[1]]", "[f()]"), v=variable(5), f__=tensor()), "eager", id="a call"
        ),
        pytest.param(
            site(**_scatter("ix", "x"), v=some_variable(None), ix=UNKNOWN, x=UNKNOWN),
            "eager",
            id="little is known",
        ),
        pytest.param(site(**_scatter("ix", "x")), "eager", id="nothing is known"),
        pytest.param(
            site(
                "v.assign(scatter(v, [[1]], [x]))",
                "v.scatter_nd_update([[1]], [x])",
                v=variable(5),
                x=tensor(),
            ),
            "eager",
            id="an imported name",
        ),
        pytest.param(
            site(**_scatter(), v=variable(5, dtype="bool"), i=INT, x=tensor(dtype="bool")),
            "eager",
            id="bool",
        ),
        pytest.param(
            # The original raises on a variable that the fix has touched.
            site(
                "assert v[1] < 500.0\nv.assign(tf.tensor_scatter_nd_update(v, [[0]], [x]))",
                "v.scatter_nd_update([[0]], [x])\nv.scatter_nd_update([[1]], [1000.0])",
                v=variable(5),
                x=tensor(),
            ),
            "eager",
            id="each side has a variable of its own",
        ),
    ],
)
def test_what_can_be_timed(worker: Worker, of: Site, mode: str) -> None:
    assert _reason(worker, of, mode) == "None"


# --- the command line -----------------------------------------------------------------------------

PROGRAM = """\
import tensorflow as tf

v = tf.Variable(tf.zeros([5]))
v.assign(tf.tensor_scatter_nd_update(v, [[0]], [5.0]))
v[1] = 10.0
"""


def test_json_has_all_sizes_of_both_patterns_and_nothing_stays_behind(
    cli: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    (tmp_path / "a.py").write_text(PROGRAM)
    done = cli("bench", "a.py", "--max-elements", "10000", "--output-format", "json")
    assert (done.status, done.err) == (0, "")
    found = json.loads(done.out)
    assert found.keys() == {"filename", "device", "mode", "unit", "fixes"}
    assert found["device"] == "CPU:0"
    timed, raising = found["fixes"]
    assert timed["code"] == "TFS301"
    assert timed["location"] == {"row": 4, "column": 1}
    assert timed["reason"] is None
    assert timed["missing"] == []
    assert [curve["pattern"] for curve in timed["patterns"]] == [
        pattern.value for pattern in Pattern
    ]
    for curve in timed["patterns"]:
        assert [size["elements"] for size in curve["sizes"]] == [1_000, 10_000]
        for size in curve["sizes"]:
            assert size["shape"] == [size["elements"]]
            assert 0 < size["before"]["min"] <= size["before"]["median"]
            assert 0 < size["after"]["min"] <= size["after"]["median"]
            low, high = size["ratio"]["middle_half"]
            assert 0 < low <= size["ratio"]["median"] <= high
            assert size["pairs"] >= 3
    assert raising["code"] == "TFS101"
    assert raising["reason"] == "nothing to compare: the original does not do what the fix does"
    assert raising["patterns"] == []
    assert list(temporary.iterdir()) == []


def test_the_table_says_what_was_measured_where() -> None:
    curves = (_curve(2.0, 3.0), SLOWER)
    of = site(**_scatter(), v=variable(5))
    result = _result("`v` copies all of `v`", "Use x", *curves)
    result = replace(result, fix=replace(result.fix, site=of), missing=((10, "not timed: rain"),))
    assert list(lines("a.py", "CPU:0", "eager", result)) == [
        "a.py:1:1: TFS999 `v` copies all of `v`",
        "  Use x (safe fix)",
        "  `v` as float32[10, 100] to [100, 100], eager, on CPU:0",
        "  microseconds: median (least); ratio before/after: median (middle half), > 1 is a gain",
        "  10 elements: not timed: rain",
        "  updates alone",
        "      elements               before                after                    ratio  pairs",
        "         1,000            2.0 (2.0)            1.0 (1.0)      2.00 (2.00 to 2.00)      3",
        "        10,000            3.0 (3.0)            1.0 (1.0)      3.00 (3.00 to 3.00)      3",
        "  the fix is faster beyond the noise, and stays so: at every size timed",
        "  updates between dense reads",
        "      elements               before                after                    ratio  pairs",
        "         1,000            2.0 (2.0)            1.0 (1.0)      2.00 (2.00 to 2.00)      3",
        "        10,000            0.5 (0.5)            1.0 (1.0)      0.50 (0.50 to 0.50)      3",
        "  the fix is faster beyond the noise, and stays so: not at the largest size timed",
        '  "copies all of" sounds like a gain, but updates between dense reads are slower with the '
        "fix at 10,000 elements (ratio 0.50, 0.50 to 0.50)",
    ]


def test_a_device_that_is_not_there_is_refused(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(PROGRAM)
    done = cli("bench", "a.py", "--device", "TPU:7")
    assert (done.status, done.out) == (2, "")
    assert "unknown device 'TPU:7'; TensorFlow lists CPU:0" in done.err


@pytest.mark.parametrize(
    ("text", "status", "out", "err"),
    [
        pytest.param(None, 2, "", "a.py:1: error: no such file or directory\n", id="missing"),
        pytest.param(
            "v.assign(\n", 2, "", "a.py:1:9: error: '(' was never closed\n", id="not Python"
        ),
        pytest.param("x = 1\n", 0, "a.py: there is no fix to time\n", "", id="nothing found"),
        pytest.param(
            "import tensorflow as tf\n"
            "def f(v: tf.Variable, x):\n"
            "    v.assign(tf.tensor_scatter_nd_update(v, [[0]], x))\n",
            0,
            "a.py: there is no safe fix to time; --unsafe-fixes would time 1\n",
            "",
            id="unsafe only",
        ),
    ],
)
def test_without_a_fix_nothing_is_started(
    cli: RunCommand, tmp_path: Path, text: str | None, status: int, out: str, err: str
) -> None:
    if text is not None:
        (tmp_path / "a.py").write_text(text)
    done = cli("bench", "a.py")
    assert (done.status, done.out, done.err) == (status, out, err)
