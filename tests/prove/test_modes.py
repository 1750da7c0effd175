"""The modes of a proof: each finds what only it can find, and says when it says nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from proof_sites import FLOAT, array, indices, integer, site, some_variable, tensor, variable

from tflint_slice.model import Kind, Operand, Reason, Site, Verdict
from tflint_slice.prove.prover import Prover

PARAMETER = Operand("", kind=Kind.VARIABLE, dtype="float32", shape=(4,))
KERAS_2 = Operand("", kind=Kind.KERAS2_WEIGHT, dtype="float32", shape=(4,))

_FUNCTIONAL = "v.assign(tf.tensor_scatter_nd_update(v, [[1]], [x]))"
IN_PLACE = site(_FUNCTIONAL, "v.scatter_nd_update([[1]], [x])", v=PARAMETER, x=FLOAT)
SLICED = site(_FUNCTIONAL, "v[1].assign(x)", v=PARAMETER, x=FLOAT)
OF_SOME_CLASS = site(_FUNCTIONAL, "v.scatter_nd_update([[1]], [x])", v=some_variable(4), x=FLOAT)
MAXIMUM = site(
    "v.assign(tf.tensor_scatter_nd_max(v, [[1]], [x]))",
    "v.scatter_nd_max([[1]], [x])",
    v=variable(4),
    x=FLOAT,
)
STOPPED = site(
    "t = tf.tensor_scatter_nd_update(t, [[1]], [x])",
    "t = tf.tensor_scatter_nd_update(tf.stop_gradient(t), [[1]], [x])",
    "t",
    t=tensor(4),
    x=tensor(),
)
NOT_ATOMIC = site(
    "v.assign(tf.tensor_scatter_nd_update(v, i, x))",
    "v.scatter_nd_update(i, x)",
    v=variable(4),
    i=indices("k", 1),
    x=tensor("k"),
)
OTHER_EXCEPTION = site(
    "a = v.numpy()\na[i] = x\nv.assign(a)", "v[i].assign(x)", v=variable(4), i=integer(), x=FLOAT
)
WRITTEN_TWICE = site(
    "v[rows] = x",
    "v.scatter_nd_update(rows[:, None], x)",
    v=variable(5),
    rows=array("k", dtype="int32", low=0),
    x=tensor("k"),
)
DROPPED = site(
    "a = v.numpy()\na[i] = x\nv.assign(a)",
    "v.scatter_nd_update([[tf.where(i < 0, i + 4, i)]], [x])",
    v=variable(4),
    i=integer(),
    x=FLOAT,
)
FROM_NOWHERE = site(
    "v.scatter_nd_update(i[:, None], x)",
    "v.scatter_nd_update(i, x)",
    v=variable(4),
    i=indices(0),
    x=tensor(0),
)


def reach(given: Site, **flags: object) -> Site:
    changed: Site = replace(given, **flags)  # type: ignore[arg-type]
    return changed


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        pytest.param(
            IN_PLACE,
            "the original returns, the fix raises NotImplementedError "
            "(MirroredStrategy outside of its scope, CPU:0)",
            id="in place, mirrored",
        ),
        pytest.param(
            SLICED,
            "the target differs (MirroredStrategy outside of its scope, CPU:0)",
            id="one replica only",
        ),
        pytest.param(
            reach(IN_PLACE, facts=(("v", KERAS_2), ("x", FLOAT))),
            "the original returns, the fix raises NotImplementedError "
            "(MirroredStrategy outside of its scope, CPU:0)",
            id="weight of Keras 2, mirrored",
        ),
        pytest.param(
            OF_SOME_CLASS,
            "the original returns, the fix raises AttributeError: "
            "'Variable' object has no attribute 'scatter_nd_update' (eager, CPU:0)",
            id="perhaps of Keras 3",
        ),
        pytest.param(
            reach(MAXIMUM, compiled=True),
            "the original returns, the fix raises InvalidArgumentError: "
            "Detected unsupported operations when trying to compile graph "
            "... (jit_compile, CPU:0)",
            id="no kernel for XLA",
        ),
        pytest.param(
            reach(STOPPED, taped=True),
            "a gradient differs (GradientTape, CPU:0)",
            id="gradient",
        ),
        pytest.param(
            reach(NOT_ATOMIC, caught=True),
            "the target differs after an exception (eager, CPU:0); "
            "where the original returns they agree",
            id="state after an exception",
        ),
        pytest.param(
            reach(OTHER_EXCEPTION, caught=True),
            "the original raises IndexError, the fix InvalidArgumentError (eager, CPU:0); "
            "where the original returns they agree",
            id="class of an exception",
        ),
        pytest.param(
            WRITTEN_TWICE,
            "the fix gives a scatter one element twice, of which a GPU keeps either; "
            "the original does not (eager, CPU:0); only where `rows` names an entry twice",
            id="newly repeated",
        ),
        pytest.param(
            DROPPED,
            "the fix gives a scatter an index out of range, which a GPU ignores; "
            "the original does not (eager, CPU:0); where the original returns they agree",
            id="newly out of range",
        ),
        pytest.param(
            FROM_NOWHERE,
            "the original returns, the fix has no defined result "
            "(it reads an index from memory that nobody wrote) (eager, CPU:0)",
            id="memory that nobody wrote",
        ),
    ],
)
def test_a_mode_finds_what_the_others_do_not(prover: Prover, wrong: Site, reason: str) -> None:
    proof = prover.prove(wrong)
    assert (proof.verdict, proof.reason) == (Verdict.REFUTED, reason)


@pytest.mark.parametrize(
    ("right", "reason", "modes"),
    [
        pytest.param(
            reach(IN_PLACE, assumes=Reason.MAYBE_DISTRIBUTED),
            "only for a variable that is not distributed",
            ("eager", "tf.function", "jit_compile", "GradientTape"),
            id="said not to be mirrored",
        ),
        pytest.param(
            reach(IN_PLACE, local=True),
            "for a plain tf.Variable",
            ("eager", "tf.function", "jit_compile", "GradientTape"),
            id="promised not to be mirrored",
        ),
        pytest.param(
            reach(OF_SOME_CLASS, assumes=Reason.VARIABLE_CLASS),
            "only for a tf.Variable; only for a variable that is not distributed",
            ("eager", "tf.function", "jit_compile", "GradientTape"),
            id="said to be a tf.Variable",
        ),
        pytest.param(
            MAXIMUM,
            "only without jit_compile",
            ("eager", "tf.function", "GradientTape"),
            id="XLA is not in use",
        ),
        pytest.param(
            reach(MAXIMUM, compiled=True, assumes=Reason.NO_XLA_KERNEL),
            "only without jit_compile",
            ("eager", "tf.function", "GradientTape"),
            id="said not to be compiled",
        ),
        pytest.param(
            STOPPED,
            "only where no gradient is taken through it",
            ("eager", "tf.function", "jit_compile"),
            id="no tape is in use",
        ),
        pytest.param(
            reach(NOT_ATOMIC, caught=True, assumes=Reason.CAUGHT_EXCEPTION),
            "only where no handler sees what the fix raises, and the state it leaves",
            ("eager", "tf.function", "jit_compile", "GradientTape"),
            id="said not to be caught",
        ),
        pytest.param(
            NOT_ATOMIC,
            "",
            ("eager", "tf.function", "jit_compile", "GradientTape"),
            id="nobody sees the state after an exception",
        ),
        pytest.param(
            site(_FUNCTIONAL, f"u = v.value()\n{_FUNCTIONAL}", v=PARAMETER, x=FLOAT),
            "",
            ("eager", "tf.function", "jit_compile", "GradientTape", "MirroredStrategy"),
            id="right under a strategy",
        ),
        pytest.param(
            site(_FUNCTIONAL, f"u = v.value()\n{_FUNCTIONAL}", v=KERAS_2, x=FLOAT),
            "",
            ("eager", "tf.function", "jit_compile", "GradientTape", "MirroredStrategy"),
            id="weight of Keras 2",
        ),
    ],
)
def test_a_proof_names_what_it_leaves_out(
    prover: Prover, right: Site, reason: str, modes: tuple[str, ...]
) -> None:
    proof = prover.prove(right)
    assert (proof.verdict, proof.reason, proof.modes) == (Verdict.PROVED, reason, modes)


@pytest.mark.parametrize(
    ("given", "inapplicable"),
    [
        pytest.param(OTHER_EXCEPTION, ("tf.function", "jit_compile"), id="round trip"),
        pytest.param(
            site("v[1] = x", "v.scatter_nd_update([[1]], [x])", v=variable(4), x=FLOAT),
            ("GradientTape",),
            id="code that always raises",
        ),
        pytest.param(
            site("v.assign(v + 1)", "v.assign_add(v * 0 + 1)", v=variable(4, dtype="int32")),
            ("GradientTape",),
            id="nothing with a gradient",
        ),
    ],
)
def test_modes_in_which_the_original_does_not_run(
    prover: Prover, given: Site, inapplicable: tuple[str, ...]
) -> None:
    proof = prover.prove(given)
    assert proof.verdict is Verdict.PROVED
    assert proof.inapplicable == inapplicable
    assert not set(proof.modes) & set(inapplicable)
