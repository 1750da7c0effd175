"""Proofs of whole programs: what is compared, what refutes, and what nothing can be said of."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest
from command_line import RunCommand, environment
from samples import HEADER, ITEM, SCATTER

from tflint_slice.apply import Policy
from tflint_slice.files.pyproject import Configuration
from tflint_slice.model import Verdict
from tflint_slice.prove.program import leaves
from tflint_slice.prove.program.comparison import compare
from tflint_slice.prove.program.fixing import FixedText, fixed_text
from tflint_slice.prove.program.observation import Ending, Observation
from tflint_slice.prove.program.places import changed_statements
from tflint_slice.prove.program.proof import ProgramProof
from tflint_slice.prove.program.proving import ProgramError, prove_texts
from tflint_slice.prove.program.request import Program
from tflint_slice.prove.program.walk import Walk

FIXTURES = Path(__file__).parents[2] / "fixtures"


def proof(tmp_path: Path, before: str, after: str, **options: Any) -> ProgramProof:
    """Prove one text against another; on disk there is the first of them."""
    path = tmp_path / "program.py"
    path.write_text(dedent(before))
    program = Program(str(path), str(tmp_path), arguments=options.pop("arguments", ()))
    return prove_texts(dedent(before), dedent(after), program, **options)


# --- with TensorFlow ------------------------------------------------------------------------------

ORIGINAL = """\
import numpy as np
import tensorflow as tf

class Model(tf.Module):
    def __init__(self):
        self.kept = tf.Variable([1.0, 2.0])
        self.lost = tf.Variable([3.0, 4.0])
        self.wide = tf.Variable([5], dtype=tf.int32)

@tf.function
def step(x):
    if x > 0:
        x = x + 1.0
    return x

def main():
    model = Model()
    model.kept.assign([1.0, 7.0])
    agents = {"a": [np.array([1, 2, 3]), model]}
    print("same")
    print("first", 1)
    return step(tf.constant(2.0))

if __name__ == "__main__":
    main()
"""
CHANGES = {
    "model.kept.assign([1.0, 7.0])": "model.kept.assign([1.0, 8.0]); model.lost = model.lost + 0.0",
    "[5], dtype=tf.int32": "[5], dtype=tf.int64",
    "np.array([1, 2, 3])": "np.array([1, 2, 4])",
    '"first", 1': '"first", 2',
    "x + 1.0": "x + 1.5",
}


def test_every_difference_is_told_of_by_its_path(tmp_path: Path) -> None:
    """Inside of a traced function, too, whose text AutoGraph must not get from the disk."""
    changed = ORIGINAL
    for old, new in CHANGES.items():
        assert changed.count(old) == 1
        changed = changed.replace(old, new)
    found = proof(tmp_path, ORIGINAL, changed)
    assert found.verdict is Verdict.REFUTED
    assert found.reason == "8 differences"
    assert [
        line.replace(" in the original", "").replace(" in the fixed program", "")
        for line in found.differences
    ] == [
        "line 2 of the output is 'first 1', 'first 2'",
        "`main()` is 3.0, 3.5",
        "`main(): model.kept` is 7.0, 8.0 at [1]",
        "`main(): model.lost` is a variable, a tensor",
        "`main(): model.wide` is of dtype int32, int64",
        "`main(): agents['a'][0]` is 3, 4 at [2]",
        "`main(): model.variables[1]` is the same object as `main(): model.lost`, "
        "the same object as `main(): model.wide`",
        "`main(): model.variables[2]` is there only",
    ]
    assert found.listed[0] == "CPU:0"


SEEDED = """\
import random
import sys
import numpy as np
import tensorflow as tf

v = tf.Variable(tf.random.normal([3]))
try:
    v[2] = 1.0
except TypeError:
    print("no item assignment here")
v[1] = 2.5

@tf.function
def step(x):
    if x > 0:
        v.assign(v + x)
    return tf.random.uniform([2])

print(sys.argv[1:], random.random(), np.random.rand(), step(tf.constant(1.0)))
"""


def test_what_is_drawn_at_random_is_drawn_alike(tmp_path: Path) -> None:
    """And item assignment means what it means in NumPy, in the rows that are fixed alone."""
    fixed = SEEDED.replace("v[1] = 2.5", "v.scatter_nd_update([[1]], [2.5])").replace(
        "v.assign(v + x)", "v.assign_add(tf.fill([3], x))"
    )
    found = proof(tmp_path, SEEDED, fixed, lent=[11], arguments=("--flag",), devices=["CPU:0"])
    assert found == ProgramProof(
        Verdict.PROVED,
        devices=("CPU:0",),
        listed=("CPU:0",),
        lines=2,
        objects=found.objects,
        notes=("item assignment to a variable, which always raises, is taken as NumPy means it",),
    )


def test_a_fixture_is_proved(cli: RunCommand) -> None:
    program = FIXTURES / "replay_buffer" / "before.py"
    source = program.read_bytes()
    finished = cli("prove", str(program), "--output-format", "json")
    assert (finished.status, finished.err) == (0, "")
    answer = json.loads(finished.out)
    assert answer["verdict"] == "proved"
    assert (answer["fixes"], answer["lines"], answer["unreached"]) == (3, 4, [])
    assert answer["objects"] > 3
    assert answer["listed"][0] == "CPU:0"
    assert program.read_bytes() == source


UPDATE = """\
import numpy as np
import tensorflow as tf
import neighbour

def update():
    v = tf.Variable([1.0, 2.0, 3.0])
    v.assign(tf.tensor_scatter_nd_update(v, [[0]], [5.0]))
    neighbour.kept.append(v)
    return {"table": v, "rest": [tf.constant(1), np.float32(1), neighbour.TWO]}
"""


def test_one_function_of_a_module_is_proved(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    module = tmp_path / "package" / "update.py"
    module.write_text(UPDATE)
    (tmp_path / "neighbour.py").write_text("TWO = 2.0\nkept = []\n")
    finished = cli("prove", "--unsafe-fixes", "--entry", "package.update:update")
    assert (finished.status, finished.err) == (0, "")
    assert finished.out == (
        f"{Path('package', 'update.py')}: proved: 1 fix, 0 lines of output and 10 objects alike, "
        "on the default device of CPU:0\n"
    )
    assert module.read_text() == UPDATE


def test_a_device_that_is_not_there_is_an_error(cli: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(HEADER + SCATTER)
    finished = cli("prove", "program.py", "--device", "TPU:7")
    assert finished.status == 2
    assert "no device 'TPU:7'; TensorFlow lists CPU:0" in finished.err


# --- without --------------------------------------------------------------------------------------


def test_a_function_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "program.py").touch()
    program = Program(str(tmp_path / "program.py"), str(tmp_path), "program", "nothing")
    with pytest.raises(ProgramError, match=r"program\.py: no function nothing to call"):
        prove_texts("x = 1", "x = 2", program)


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        pytest.param(
            "x = 1\nraise ValueError('a')",
            "x = 1\nraise KeyError('b')",
            "the original ends in ValueError, the fixed program ends in KeyError: 'b'",
            id="exception of another class",
        ),
        pytest.param(
            "import sys\nsys.exit(0)",
            "import sys\nsys.exit(3)",
            "the original ends normally, the fixed program exits with 3",
            id="exit status",
        ),
    ],
)
def test_another_end_is_a_difference(
    tmp_path: Path, before: str, after: str, difference: str
) -> None:
    found = proof(tmp_path, before, after)
    assert (found.verdict, found.differences) == (Verdict.REFUTED, (difference,))


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        pytest.param(
            "import time\nprint('at', time.time_ns())",
            "two runs of the original differ: line 1 of the output is 'at ",
            id="prints the time",
        ),
        pytest.param("while True:\n    pass", "timed out while it ran the original", id="hangs"),
        pytest.param("import os\nos.abort()", "worker died while it ran the original", id="aborts"),
        pytest.param(
            "raise MemoryError",
            "out of memory: the original ends in MemoryError",
            id="takes too much",
        ),
        pytest.param(
            "raise FileNotFoundError\nx = 1",
            "it ends in FileNotFoundError, and has run nothing of what the fixes change",
            id="does not come to the fix",
        ),
    ],
)
def test_nothing_can_be_said(tmp_path: Path, before: str, reason: str) -> None:
    after = before.replace("x = 1", "x = 2") if "x = 1" in before else before + "\nx = 2"
    found = proof(tmp_path, before, after, limit=3.0)
    assert found.verdict is Verdict.UNPROVED
    assert found.reason.startswith(reason)


def test_what_is_not_run_is_not_called_proved(tmp_path: Path) -> None:
    before = "def f():\n    return 1\nif f() == 2:\n    x = 1\n"
    after = "def f():\n    return 0 + 1\nif f() == 2:\n    x = 2\n"
    found = proof(tmp_path, before, after)
    assert (found.verdict, found.unreached) == (Verdict.PROVED, (4,))


def test_an_interrupt_ends_the_program(tmp_path: Path) -> None:
    started = tmp_path / "started"
    (tmp_path / "program.py").write_text(
        "import os, sys, time\n"
        f"with open({str(started)!r}, 'w') as file:\n"
        "    print(os.getpid(), os.getcwd(), *sys.argv[1:], file=file, flush=True)\n"
        "time.sleep(600)\n" + HEADER + SCATTER
    )
    command = subprocess.Popen(
        [sys.executable, "-m", "tflint_slice", "prove", "program.py", "--", "--flag"],
        cwd=tmp_path,
        env=environment(),
        start_new_session=True,
    )
    try:
        while not (started.is_file() and started.read_text().endswith("\n")):
            assert command.poll() is None
            time.sleep(0.05)
        pid, folder, argument = started.read_text().split()
        command.send_signal(signal.SIGINT)
        assert command.wait() == 130
    finally:
        command.kill()
    assert argument == "--flag"
    assert not Path(folder).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        pytest.param(["clean.py"], 0, "clean.py: nothing to fix", id="nothing to fix"),
        pytest.param(["none.py"], 2, "none.py:1: error: no such file", id="missing"),
        pytest.param(["bad.py"], 2, "bad.py:2:5: error: ", id="syntax"),
        pytest.param(["--entry", "none:f"], 2, "none.py:1: error: no such file", id="no module"),
        pytest.param(["--entry", "clean"], 2, "takes MODULE:FUNCTION, not 'clean'", id="entry"),
        pytest.param(["--entry", ":f"], 2, "takes MODULE:FUNCTION, not ':f'", id="empty module"),
        pytest.param([], 2, "Name a program", id="nothing named"),
        pytest.param(["clean.py", "--all"], 2, "go with no program", id="program and rules"),
        pytest.param(["clean.py", "-j", "2"], 2, "go with --rule or --all", id="jobs"),
        pytest.param(["--all", "--isolated"], 2, "go with a program", id="isolated rules"),
        pytest.param(["--rule", "TFS999"], 2, "unknown rule 'TFS999'", id="unknown rule"),
    ],
)
def test_without_a_run(
    cli: RunCommand, tmp_path: Path, arguments: list[str], status: int, text: str
) -> None:
    (tmp_path / "clean.py").write_text(HEADER)
    (tmp_path / "bad.py").write_text("a = 1\ndef (:\n")
    finished = cli("prove", *arguments)
    assert finished.status == status
    assert text in finished.out + finished.err


# --- the parts ------------------------------------------------------------------------------------


@dataclass
class Agent:
    """An object with a bit of everything in it."""

    number: int = 1
    buffer: deque[Any] = field(default_factory=deque)
    _hidden: Any = None


class Slotted:
    __slots__ = ("array",)

    def __init__(self) -> None:
        self.array = np.zeros(2)


def counter() -> Any:
    counts = np.zeros(3, np.int8)
    return lambda: counts


def seen(**values: Any) -> Observation:
    walk = Walk(own=__name__.__eq__)
    walk.names("", values)
    walk.go()
    return Observation(Ending(), "", "", walk.found, (), frozenset(), walk.complete, False)


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        pytest.param(1, ["x"], id="number"),
        pytest.param([1, "a"], ["x"], id="plain list"),
        pytest.param([np.ones(1), 2], ["x", "x[0]", "x[1]"], id="list"),
        pytest.param({"a": {1: np.ones(1)}}, ["x", "x['a']", "x['a'][1]"], id="dict"),
        pytest.param(
            Agent(buffer=deque([np.ones(1)])),
            ["x._hidden", "x.buffer", "x.number", "x.buffer[0]"],
            id="object",
        ),
        pytest.param(Slotted(), ["x.array"], id="slots"),
        pytest.param(counter(), ["x.<counts>"], id="closure"),
        pytest.param(np.array([None, np.ones(1)], object), ["x", "x[0]", "x[1]"], id="objects"),
        pytest.param(object(), [], id="opaque"),
        pytest.param(np, [], id="module"),
    ],
)
def test_what_is_reached(value: Any, paths: list[str]) -> None:
    assert list(seen(x=value).leaves) == paths


def test_cycles_come_to_an_end_and_the_number_of_objects_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    agent = Agent()
    agent._hidden = [agent, agent.buffer]
    agent.buffer.append(agent)
    assert seen(x=agent).complete
    monkeypatch.setattr("tflint_slice.prove.program.walk.LIMIT", 3)
    assert not seen(x=agent).complete


NAN = np.array([0x7FC00001], np.uint32).view(np.float32)


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        pytest.param(1, 1.0, "is an int in A, a float in B", id="class"),
        pytest.param("a", "b", "is 'a' in A, 'b' in B", id="text"),
        pytest.param(0.1, 0.2, "is 0.1 in A, 0.2 in B", id="number"),
        pytest.param([1, 2], (1, 2), "is a list in A, a tuple in B", id="list and tuple"),
        pytest.param({1, 2}, {2, 3}, "is {1, 2} in A, {2, 3} in B", id="set"),
        pytest.param(np.zeros(2), np.zeros(3), "is of shape [2] in A, [3] in B", id="shape"),
        pytest.param(
            np.zeros(2), np.zeros(2, "f"), "is of dtype float64 in A, float32 in B", id="dtype"
        ),
        pytest.param(np.zeros((2, 2)), np.eye(2), "is 0.0 in A, 1.0 in B at [0, 0]", id="element"),
        pytest.param(np.float32("nan"), NAN[0], "differs in its bits (nan)", id="bits of NaN"),
        pytest.param(np.array("a"), np.array("b"), "differs", id="array of texts"),
    ],
)
def test_what_is_a_difference(before: Any, after: Any, difference: str) -> None:
    compared = compare(seen(x=before), seen(x=after), ("A", "B"))
    assert compared.differences == (f"`x` {difference}",)
    assert compare(seen(x=before), seen(x=before)).differences == ()


@pytest.mark.parametrize(
    ("before", "after", "exceptions"),
    [
        pytest.param(np.zeros(2), -np.zeros(2), {"signed-zero"}, id="array"),
        pytest.param(0.0, -0.0, {"signed-zero"}, id="float"),
        pytest.param(np.float32(1e-45), np.float32(0), {"denormal"}, id="scalar"),
    ],
)
def test_numeric_exceptions_go_by_their_names(
    before: Any, after: Any, exceptions: set[str]
) -> None:
    compared = compare(seen(x=before), seen(x=after))
    assert (compared.differences, compared.exceptions) == ((), exceptions)


def test_only_what_a_fix_does_away_with_may_be_missing() -> None:
    before, after = seen(a=np.zeros(1), b=np.zeros(1)), seen()
    compared = compare(before, after, temporaries=frozenset("a"))
    assert compared.differences == ("`b` is there in the original only",)
    assert compared.excused == {"a"}


def test_what_is_too_large_to_be_sent_is_compared_by_its_digest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(leaves, "LARGE", 8)
    compared = compare(seen(x=np.zeros(2)), seen(x=np.ones(2)))
    assert compared.differences == ("`x` differs",)


@pytest.mark.parametrize(
    ("source", "lent", "temporaries"),
    [
        pytest.param(ITEM, (4,), set(), id="always raises"),
        pytest.param(
            f"try:\n    {ITEM}except TypeError:\n    pass\n", (), set(), id="raises and is caught"
        ),
        pytest.param(SCATTER, (), set(), id="does not raise"),
        pytest.param("a = v.numpy()\na[1] = 5.0\nv.assign(a)\n", (), {"a"}, id="temporary"),
    ],
)
def test_what_fixes_ask_of_the_comparison(
    tmp_path: Path, source: str, lent: tuple[int, ...], temporaries: set[str]
) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEADER + source)
    text = fixed_text(str(path), Configuration(isolated=True), Policy(unsafe=True))
    assert isinstance(text, FixedText)
    assert (text.fixes, text.lent, text.temporaries) == (1, lent, temporaries)


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        pytest.param("a = 1\n\nb = 2\n", "a = 1\n\nb = 3\n", [(3, 3)], id="statement"),
        pytest.param("f(\n  1,\n  2)\n", "f(\n  1,\n  3)\n", [(1, 3)], id="several rows"),
        pytest.param("if a:\n  b\n", "if a:\n  c\n", [(2, 2)], id="inside"),
        pytest.param("if a:\n  b\n", "if c:\n  b\n", [(1, 1)], id="head"),
        pytest.param("a\nb\nc\n", "a\nc\n", [(2, 2)], id="gone"),
        pytest.param("a\nc\n", "a\nb\nc\n", [(2, 2)], id="new"),
        pytest.param("a\n", "a\n", [], id="none"),
    ],
)
def test_which_statements_a_text_changes(
    before: str, after: str, rows: list[tuple[int, int]]
) -> None:
    assert changed_statements(before, after) == rows
