"""Comments are found, and are where they are, in whatever Python parses."""

from __future__ import annotations

import re
import sys
from contextlib import nullcontext

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tflint_slice.syntax.source import SourceText

ENDS = ("\n", "\r", "\r\n")
PIECES = (
    *ENDS,
    *(f"\\{end}" for end in ENDS),
    *("x", "=", "1", ";", "pass", "if 1:", "(", ")", "[", "]", ",", "é", "ﬁ", "_x·"),
    *(" ", "\t", "\f", "\\", "'", '"', "'''", "'#'", "r'\\'", "f'{x}#'", "'\\\r#'", "'\\\r'''"),
    *("# c", "# 'c", "#\f\u2028\x85c"),
)
STRINGS_AND_COMMENTS = re.compile(
    r"""'''(?:[^\\]|\\.)*?'''|\"""(?:[^\\]|\\.)*?\"""|'(?:[^'\\\r\n]|\\\r\n|\\.)*'"""
    r"""|"(?:[^"\\\r\n]|\\\r\n|\\.)*"|(#[^\r\n]*)""",
    re.DOTALL,
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), st.sampled_from(ENDS))
@example("'\\\r'''", "\r")
@example("'# c\\\r'", "\n")
@example("\t\\\n \n \\\n", "\n")
def test_comments_are_where_they_are(text: str, end: str) -> None:
    text = f"x = 1{end}{text}{end}x = 2  # last"
    try:
        source = SourceText.parse(text, "")
    except SyntaxError:
        assume(False)
    expected = [found for found in STRINGS_AND_COMMENTS.finditer(text) if found[1]]
    assert [(span.start, comment) for span, comment in source.comments] == [
        (found.start(), found[1]) for found in expected
    ]


@pytest.mark.parametrize("bracket", ["()", "[]"])
def test_brackets_as_deep_as_they_may_be(bracket: str) -> None:
    source = SourceText.parse(f"x = {bracket[0] * 200}{bracket[1] * 200}  # c\n", "")
    # Since Python 3.12 tokenize counts them as well.
    counted = pytest.raises(SyntaxError, match="too deeply nested to parse")
    with counted if sys.version_info >= (3, 12) else nullcontext():
        assert [comment for _, comment in source.comments] == ["# c"]
