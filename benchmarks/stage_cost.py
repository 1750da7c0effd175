"""What each stage costs on real code: screen, ``ast``, inference, and libcst for comparison.

    python benchmarks/stage_cost.py FOLDER...

Prints the time of each stage over the Python files below the folders, in all and for each line
it had to look at. It is this measurement that decided for one inference on ``ast``: see "For
developers" in the README.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from tflint_slice.infer.evaluator import infer
from tflint_slice.model import Kind
from tflint_slice.syntax.screen import worth_parsing
from tflint_slice.syntax.source import parse_tree

Result = TypeVar("Result")


def main(folders: Iterable[str]) -> None:
    paths = sorted(path for folder in folders for path in Path(folder).rglob("*.py"))
    gc.disable()
    data, seconds = timed(lambda: [path.read_bytes() for path in paths])
    report("read", seconds, sum(map(lines, data)), len(data))
    kept, seconds = timed(lambda: [one for one in data if worth_parsing(one)])
    report("screen", seconds, sum(map(lines, data)), len(data))
    texts = [text for one in kept if (text := decoded(one)) is not None]
    count = sum(text.count("\n") for text in texts)
    trees, seconds = timed(lambda: [parse_tree(text, "") for text in texts])
    report("ast", seconds, count, len(texts))
    _, seconds = timed(lambda: [infer(tree, Kind.KERAS3_VARIABLE).modules for tree in trees])
    report("infer", seconds, count, len(texts))
    modules, seconds = timed(lambda: [cst.parse_module(text) for text in texts])
    report("libcst", seconds, count, len(texts))
    _, seconds = timed(
        lambda: [MetadataWrapper(module).resolve(PositionProvider) for module in modules[::20]]
    )
    sampled = sum(text.count("\n") for text in texts[::20])
    report("libcst positions (every 20th file)", seconds, sampled, len(modules[::20]))


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def report(stage: str, seconds: float, count: int, files: int) -> None:
    per_line = seconds / max(count, 1) * 1e6
    print(f"{stage:36} {seconds:8.2f} s {count:9} lines {files:6} files {per_line:8.2f} us/line")


def lines(data: bytes) -> int:
    return data.count(b"\n")


def decoded(data: bytes) -> str | None:
    """The text of a file that this interpreter can parse."""
    try:
        text = data.decode()
        parse_tree(text, "")
    except (UnicodeDecodeError, SyntaxError):
        return None
    return text


if __name__ == "__main__":
    main(sys.argv[1:] or ["."])
