"""Our own rewrites, corrupted: every mistake that a rung could make is refuted."""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from idioms.test_proofs import rows
from mutants import CHAIN, MASKED, MAX, MIN, MUTATIONS, SLICED, UPDATE, Mutation, rung_of
from proof_sites import FLOAT, array, indices, integer, site, tensor, variable

from tflint_slice.analysis import analyse
from tflint_slice.model import Site, Verdict
from tflint_slice.prove.prover import Prover
from tflint_slice.settings import Settings
from tflint_slice.syntax.source import SourceText

Bases = dict[str, list[Site]]

MOST = 1
"""Sites that a mutation is made at, for each rung."""

_SCATTERED = {"v": variable("n", "m"), "idx": indices("k", 1), "upd": tensor("k", "m")}
_CALLS = {"v": variable(9), "f__": integer(0, 9), "g__": FLOAT}
_WIDE = {"v": variable("n"), "idx": indices("k", 1), "upd": tensor("k", dtype="float64")}

_WRITTEN = [
    *(
        site(f"v.assign(tf.tensor_scatter_nd_{op}(v, idx, upd))", f"v.scatter_nd_{op}(idx, upd)",
             **_SCATTERED)
        for op in ("update", "add", "sub", "max", "min")
    ),
    site("v.assign(tf.tensor_scatter_nd_update(v, idx, tf.cast(upd, v.dtype)))",
         "v.scatter_nd_update(idx, tf.cast(upd, v.dtype))", **_WIDE),
    site("v[-1] = 10.0", "v.scatter_nd_update([[v.shape[0] - 1]], [10.0])", v=variable(5)),
    site("v.assign(tf.tensor_scatter_nd_update(v, [[f()]], [g()]))",
         "v.scatter_nd_update([[f()]], [g()])", **_CALLS),
    site("t = tf.tensor_scatter_nd_update(v, idx, upd)\nv.assign(t)",
         "v.assign(tf.tensor_scatter_nd_update(v, idx, upd))", **_SCATTERED),
    site("t = tf.tensor_scatter_nd_update(v, [[f()]], [g()])\nv.assign(t)",
         "v.assign(tf.tensor_scatter_nd_update(v, [[f()]], [g()]))", **_CALLS),
    site("t = tf.cast(upd, v.dtype)\nv.assign(tf.tensor_scatter_nd_update(v, idx, t))",
         "v.assign(tf.tensor_scatter_nd_update(v, idx, tf.cast(upd, v.dtype)))", **_WIDE),
    site("a = v.numpy()\na[i] = x\na[j] = y\nv.assign(a)",
         "a = tf.tensor_scatter_nd_update(v, [[i]], [x])\n"
         "a = tf.tensor_scatter_nd_update(a, [[j]], [y])\nv.assign(a)",
         v=variable(4), i=integer(0, 4), j=integer(0, 4), x=FLOAT, y=FLOAT),
    site("i = f()\nv[i].assign(g())", "v[f()].assign(g())", **_CALLS),
    site("v[1:4] = v[0:3]", "v[1:4].assign(v[0:3])", v=variable(5)),
    site("v[i] = x", "v[i].assign(tf.cast(x, v.dtype))", v=variable("n"), i=integer(),
         x=tensor(dtype="float64")),
    site("v[v > 0.0] = 2.0", "v.assign(tf.where(v > 0.0, tf.constant(2.0, v.dtype), v))",
         v=variable("n", dtype="float64")),
    site("v[m] = x", "v.assign(tf.where(m, tf.constant(x, v.dtype), v))", v=variable(4),
         m=array(4, dtype="bool"), x=FLOAT),
    site("v[:] = x", "v.assign(tf.broadcast_to(x, v.shape))", v=variable("n", 3), x=tensor(3)),
    site("v[:] = x", "v.assign(tf.cast(x, v.dtype))", v=variable(3),
         x=tensor(3, dtype="float64")),
]  # fmt: skip

BY_HAND = [replace(made, dead=("a", "i", "t")) for made in _WRITTEN]
"""Rewrites of forms that no safe row of the tables has."""

_SCALAR = "one value for all of the elements has no order"
_DISTINCT = "the entries are literally distinct"
_EXTREMUM = "an extremum does not depend on the order"
_PACKED = "inside of a list TensorFlow casts a tensor without being asked"
_SYMMETRIC = "what the sum rounds up, the difference rounds down"
_FLOAT32 = "a Python float becomes float32, which is the dtype of the variable"

EQUIVALENT = {
    (SLICED, "step turned round", "w[::-2].assign(2.0)"): _SCALAR,
    **{
        (UPDATE, "entries turned round", f"{call})"): _DISTINCT
        for call in (
            "w.scatter_nd_update([[0], [4]], [2.0, 2.0]",
            "w.scatter_nd_update([[0], [4]], [5.0, 5.0]",
            "w.scatter_nd_update([[0], [2]], [1.0, 3.0]",
            "w.scatter_nd_update([[0], [2]], [5.0, 6.0]",
            "v.scatter_nd_update([[1], [2]], [7.0, 8.0]",
        )
    },
    (MAX, "repeated entries turned round", "v.scatter_nd_max(idx, upd)"): _EXTREMUM,
    (MIN, "repeated entries turned round", "v.scatter_nd_min(idx, upd)"): _EXTREMUM,
    **{
        (
            UPDATE,
            "cast dropped",
            f"w.scatter_nd_update({entry}, w.dtype)])",
        ): _PACKED
        for entry in (
            "[[1]], [tf.cast(tf.constant(2.0, tf.float64)",
            "[[0]], [tf.cast(tf.constant(0.1, tf.float64)",
        )
    },
    (
        CHAIN,
        "scatters turned round",
        "a = tf.tensor_scatter_nd_add(w, [[4]], [1e8])\n"
        "a = tf.tensor_scatter_nd_sub(a, [[4]], [1e8])\n"
        "w.assign(a)",
    ): _SYMMETRIC,
    **{
        (
            MASKED,
            "cast dropped",
            f"w.assign(tf.where({mask}, tf.constant({value}, w.dtype), w))",
        ): _FLOAT32
        for mask, value in (
            ("w > 0.5", "2.0"),
            ("w >= 1e39", "5.0"),
            ("w > 1.0", "0.0"),
            ("w < 0.5", "0.0"),
            ("(w > 0.5) & ~(w < 2.5)", "0.0"),
            ("tf.constant([True, False, True, False, True])", "0.0"),
            ("np.array([True, False, True, False, True])", "0.0"),
        )
    },
}
"""Mutants that do what the original does: rung, mutation, what it was made of, and the reason."""


def _names_distinct_entries(code: str) -> bool:
    """Whether the indices of a scatter are literally distinct, as in some rows of the table."""
    indices = re.search(r"scatter_nd_update\((\[\[.*?\]\]), ", code)
    try:
        entries = [] if indices is None else ast.literal_eval(indices[1])
    except ValueError:
        return False
    return len(entries) > 1 and len(set(map(tuple, entries))) == len(entries)


CLAIMS = [(rung, mutation) for mutation in MUTATIONS for rung in mutation.rungs]


@pytest.fixture(scope="session")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Bases:
    """The sites of each rung, those that the tool makes of the tables before those by hand."""
    folder = tmp_path_factory.mktemp("bases")
    (folder / "pyproject.toml").touch()
    written = [found for row in rows() for found in _sites(str(row.values[1]), folder)]
    result: Bases = {}
    for made in sorted(written, key=lambda item: len(item.after)) + BY_HAND:
        result.setdefault(rung_of(made), []).append(made)
    return result


def _sites(text: str, folder: Path) -> list[Site]:
    source = SourceText.parse(textwrap.dedent(text), str(folder / "snippet.py"))
    fixes = [found.fix for found in analyse(source, Settings())]
    return [fix.site for fix in fixes if fix is not None and fix.site is not None]


def _mutants(mutation: Mutation, sites: list[Site]) -> list[tuple[Site, Site]]:
    """Each site that the mutation applies to, with its mutant; one for each code."""
    made: dict[str, tuple[Site, Site]] = {}
    for base in sites:
        mutant = mutation.of(base)
        if mutant is not None:
            made.setdefault(base.after, (base, mutant))
    return list(made.values())


def test_every_rung_is_corrupted(bases: Bases) -> None:
    assert bases.keys() == {rung for rung, _ in CLAIMS}
    assert len({(rung, mutation.name) for rung, mutation in CLAIMS}) == len(CLAIMS)


@pytest.mark.parametrize(
    ("rung", "mutation"),
    [pytest.param(*claim, id=f"{claim[0]}: {claim[1].name}") for claim in CLAIMS],
)
def test_the_mutant_is_refuted(prover: Prover, bases: Bases, rung: str, mutation: Mutation) -> None:
    mutants = _mutants(mutation, bases[rung])
    assert mutants, "the mutation applies to nothing that this rung writes"
    wrong = [
        mutant
        for base, mutant in mutants
        if (rung, mutation.name, base.after) not in EQUIVALENT
        and not (mutation.name == "entries turned round" and _names_distinct_entries(base.after))
    ]
    for mutant in wrong[:MOST]:
        proof = prover.prove(mutant)
        assert proof.verdict is Verdict.REFUTED, f"{mutant.after}: {proof.verdict} {proof.reason}"


@pytest.mark.parametrize(
    "excluded", [pytest.param(key, id=f"{key[0]}: {key[1]}: {key[2]}") for key in EQUIVALENT]
)
def test_what_is_called_equivalent_is_proved(
    prover: Prover, bases: Bases, excluded: tuple[str, str, str]
) -> None:
    rung, name, after = excluded
    (mutation,) = (mutation for claim, mutation in CLAIMS if (claim, mutation.name) == (rung, name))
    made = {base.after: mutant for base, mutant in _mutants(mutation, bases[rung])}
    proof = prover.prove(made[after])
    assert (proof.verdict, proof.counterexample) == (Verdict.PROVED, "")


@pytest.mark.parametrize(
    "right", [pytest.param(right, id=f"{rung_of(right)}: {right.after}") for right in BY_HAND]
)
def test_what_is_corrupted_was_proved(prover: Prover, right: Site) -> None:
    """The rows of the tables are proved with the idioms, in ``test_proofs``."""
    proof = prover.prove(right)
    assert (proof.verdict, proof.counterexample) == (Verdict.PROVED, "")
