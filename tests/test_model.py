"""The laws of ``tflint_slice.model``, which the stages above and under it rely on."""

from __future__ import annotations

import ast
import dataclasses
import itertools
import typing
from collections.abc import Iterator
from dataclasses import replace

import pytest
from catalogue import BLOCK, I2, IX, ROWS, XS, I, Row, X, at, literal, scatter, store

from tflint_slice import model
from tflint_slice.model import (
    Axes,
    Bounds,
    Duplicates,
    Effect,
    Full,
    IndexTensor,
    Kind,
    Misuse,
    Negative,
    NewAxis,
    Op,
    Operand,
    Points,
    Region,
    Rest,
    Span,
    Update,
    UpdateSequence,
)

CODES = frozenset(
    f"TFS{number}"
    for first, last in ((101, 111), (201, 205), (301, 307), (401, 402), (501, 502))
    for number in range(first, last + 1)
)


BY_NAME = {f"{each.code}-{each.id}": each for each in ROWS}
ALL = [pytest.param(each, id=name) for name, each in BY_NAME.items()]


def updates_of(name: str) -> tuple[Update, ...]:
    value = BY_NAME[name].value
    assert isinstance(value, UpdateSequence)
    return value.updates


def parts(value: object) -> Iterator[object]:
    """A value of the model and, depth first, everything it is made of."""
    yield value
    if isinstance(value, tuple):
        for entry in value:
            yield from parts(entry)
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from parts(getattr(value, each.name))


# --- the table is whole ---------------------------------------------------------------------------


def test_every_code_of_the_catalogue_appears() -> None:
    assert {each.code for each in ROWS} == CODES


def test_rows_have_names_of_their_own() -> None:
    assert len(BY_NAME) == len(ROWS)


def test_every_part_of_the_vocabulary_is_needed() -> None:
    used = {type(part) for each in ROWS for part in parts(each.value)}
    assert {*typing.get_args(Region), *typing.get_args(model.Axis)} <= used


@pytest.mark.parametrize("enum", [Effect, Op, Duplicates, Negative, Bounds])
def test_every_member_is_needed(enum: type) -> None:
    used = {part for each in ROWS for part in parts(each.value) if isinstance(part, enum)}
    assert used == set(typing.cast(typing.Iterable[object], enum))


# --- laws of every row ----------------------------------------------------------------------------


@pytest.mark.parametrize("each", ALL)
def test_values_are_hashable_and_equal_to_their_like(each: Row) -> None:
    assert each.value in {replace(each.value)}


@pytest.mark.parametrize("each", ALL)
def test_values_are_frozen_all_the_way_down(each: Row) -> None:
    for part in parts(each.value):
        assert not isinstance(part, list | dict | set)
        if dataclasses.is_dataclass(part) and not isinstance(part, type):
            with pytest.raises(dataclasses.FrozenInstanceError):
                typing.cast(typing.Any, part).anything = None


@pytest.mark.parametrize("each", ALL)
def test_what_is_not_made_up_stands_in_the_source(each: Row) -> None:
    made_up = {"layer.weights[0]", "1", "3"}
    for part in parts(each.value):
        if isinstance(part, Operand):
            assert part.text in each.source or part.text in made_up


@pytest.mark.parametrize("each", ALL)
def test_statements_are_whole_and_in_order(each: Row) -> None:
    value = each.value
    place = value.place if isinstance(value, UpdateSequence) else value.statement
    assert place is not None
    spans = [*(value.statements if isinstance(value, UpdateSequence) else ()), place]
    assert spans == sorted(spans)
    for span in spans:
        assert len(ast.parse(each.source[span.start : span.end]).body) == 1
    for one, other in itertools.pairwise(spans):
        assert not one.overlaps(other)


@pytest.mark.parametrize("each", ALL)
def test_temporaries_are_bound_by_the_statements_that_go(each: Row) -> None:
    if isinstance(each.value, UpdateSequence):
        bound = {
            node.id
            for node in ast.walk(ast.parse(each.source))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        assert set(each.value.temporaries) <= bound


@pytest.mark.parametrize(
    "each", [one for one in ALL if isinstance(typing.cast(Row, one.values[0]).value, Misuse)]
)
def test_a_mended_misuse_parses_and_says_what_it_means(each: Row) -> None:
    misuse = each.value
    assert isinstance(misuse, Misuse)
    mended = each.source
    for edit in sorted(misuse.edits, reverse=True):
        assert misuse.statement is not None
        assert edit.span in misuse.statement
        mended = mended[: edit.span.start] + edit.content + mended[edit.span.end :]
    ast.parse(mended)
    assert bool(misuse.edits) == (misuse.reference is not None) == (mended != each.source)
    if misuse.reference is not None:
        (reference,) = ast.parse(misuse.reference).body
        assert isinstance(reference, ast.Assign)


@pytest.mark.parametrize("each", ALL)
def test_what_indices_of_scatter_do_wrong_is_never_left_to_wrap(each: Row) -> None:
    for part in parts(each.value):
        if isinstance(part, Update) and isinstance(part.region, IndexTensor):
            assert part.negative is not Negative.WRAP
            assert part.bounds is not Bounds.RAISE


# --- laws between rows ----------------------------------------------------------------------------

SAME_UPDATES = [
    ("TFS101-element", "TFS201-element", "TFS201-np-array", "TFS104-numpy", "TFS102-element"),
    ("TFS101-mask", "TFS201-mask"),
    ("TFS201-element", "TFS202-backend", "TFS202-ops", "TFS203-layer", "TFS205-recreated"),
    ("TFS301-nested", "TFS301-temporary", "TFS301-keywords", "TFS301-value", "TFS301-used"),
    ("TFS301-nested", "TFS105-update", "TFS106-scatter", "TFS502-update", "TFS501-compat-nd"),
    ("TFS301-add", "TFS305-scatter-nd", "TFS502-add"),
    ("TFS306-element", "TFS302-element", "TFS307-concat", "TFS110-of-value"),
    ("TFS302-any-border", "TFS307-any-border"),
    ("TFS303-range", "TFS304-comprehension", "TFS307-where"),
    ("TFS304-unstack", "TFS307-unstack"),
]


@pytest.mark.parametrize("names", [pytest.param(each, id=each[0]) for each in SAME_UPDATES])
def test_spellings_of_one_update_are_equal(names: tuple[str, ...]) -> None:
    assert len({updates_of(name) for name in names}) == 1


def test_an_operand_is_the_same_wherever_it_stands() -> None:
    assert replace(X, span=Span(3, 4)) == replace(X, span=Span(9, 10))


def differing(one: Update, other: Update) -> set[str]:
    names = {each.name for each in dataclasses.fields(Update)}
    return {name for name in names if getattr(one, name) != getattr(other, name)}


def coordinates(region: Region) -> object:
    """The rows of index tensors and lists of points alike, where they are literals."""
    if isinstance(region, IndexTensor):
        assert region.indices is not None
        return ast.literal_eval(region.indices.text)
    assert isinstance(region, Axes)
    (axis,) = region.axes
    assert isinstance(axis, Points)
    return [[entry] for entry in ast.literal_eval(axis.indices.text)]


def test_functional_scatter_and_numpy_differ_in_what_bad_indices_do_and_in_order() -> None:
    indices = replace(literal("[[0], [2]]"))
    functional = scatter(indices)
    numpy = store(at(Points(literal("[0, 2]"))), XS)
    assert coordinates(functional.region) == coordinates(numpy.region)
    aligned = replace(numpy, region=functional.region)
    assert differing(functional, aligned) == {"duplicates", "negative", "bounds", "order"}


def test_augmented_assignment_and_scatter_add_differ_for_indices_that_repeat() -> None:
    (numpy,) = updates_of("TFS101-add")
    functional = scatter(I2, X, Op.ADD)
    aligned = replace(numpy, region=functional.region)
    assert differing(functional, aligned) == {"duplicates", "negative", "bounds", "order"}
    assert (numpy.duplicates, functional.duplicates) == (Duplicates.ONCE, Duplicates.ACCUMULATE)


def test_a_sliced_assign_differs_from_item_assignment_in_order_alone() -> None:
    (item,), (assign,) = updates_of("TFS101-element"), updates_of("TFS306-element")
    assert differing(item, assign) == {"order"}


def test_pieces_put_together_are_the_update_only_where_the_borders_are_known() -> None:
    (known,), (unknown,) = updates_of("TFS302-element"), updates_of("TFS302-any-border")
    assert differing(known, unknown) == {"region", "negative", "bounds"}


def test_an_arithmetic_mask_is_not_taken_for_an_exact_one() -> None:
    (exact,), (arithmetic,) = updates_of("TFS303-range"), updates_of("TFS303-arithmetic")
    assert differing(exact, arithmetic) == {"exact"}


@pytest.mark.parametrize(
    ("region", "basic"),
    [
        pytest.param(at(I, BLOCK, Full()), True, id="points-and-slices"),
        pytest.param(at(Rest(), NewAxis()), True, id="ellipsis-and-new-axis"),
        pytest.param(at(Points(IX)), False, id="array"),
        pytest.param(at(I, Points(IX)), False, id="array-behind-point"),
    ],
)
def test_only_axes_without_arrays_are_basic(region: Axes, basic: bool) -> None:
    assert region.is_basic is basic


def test_variables_of_every_class_are_variables_and_nothing_else_is() -> None:
    assert {kind for kind in Kind if kind.is_variable} == {
        Kind.VARIABLE,
        Kind.KERAS2_WEIGHT,
        Kind.KERAS3_VARIABLE,
        Kind.SOME_VARIABLE,
    }


def test_each_reason_has_a_sentence_of_its_own() -> None:
    texts = [reason.text for reason in model.Reason]
    assert len(set(texts)) == len(texts)
    assert all(text and not text.endswith(".") for text in texts)
