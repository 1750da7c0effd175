"""The section on proofs of a rule's page, written from the stored matrix.

In a checkout ``python -m tflint_slice.prove.matrix.pages`` puts it into every page. It needs no
TensorFlow.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import fill

import tflint_slice
from tflint_slice.model import Verdict
from tflint_slice.prove.matrix.counts import HEAD, counts, unfixed
from tflint_slice.prove.matrix.fixing import NO_FINDING
from tflint_slice.prove.matrix.store import FAILS, Matrix, Row, read
from tflint_slice.prove.matrix.tables import installed, table

RULES = Path(tflint_slice.__file__).parents[1] / "rules"
PROOFS = RULES / "proofs"

_WIDTH = 100
_SECTION = re.compile(r"^## Proof\n.*?(?=^## )", re.MULTILINE | re.DOTALL)

YOUR_CODE = (
    "`--prove` tries each fix on the statements of your own code. It draws dozens of inputs that "
    "fit what is known of the names in them (sizes, indices, values, dtypes), and runs the "
    "statements before and after on each device that TensorFlow lists: eagerly, and, where the "
    "original can run so, in a `tf.function`, compiled by XLA, under a `GradientTape`, and under a "
    "`MirroredStrategy` if the variable may be distributed. It compares bits, dtypes and shapes of "
    "the state and of all values, and whether both sides raise. The verdict names devices and "
    "modes: without a GPU the verdict names the CPU, and says nothing of GPUs."
)


def section(matrix: Matrix) -> str:
    """Everything that stands below the heading, up to the next one."""
    if not matrix.fixed:
        return f"\n{_wrapped(_without_fixes(matrix))}\n\n"
    head, *rest = map(_wrapped, _results(matrix))
    numbers = "\n".join(table([HEAD, *(count.cells for count in counts(matrix))]))
    return "\n" + "\n\n".join([head, numbers, *rest, _wrapped(YOUR_CODE)]) + "\n\n"


def _without_fixes(matrix: Matrix) -> str:
    return (
        f"The matrix of this rule has {_programs(len(matrix.rows))}, "
        f"[all of them](proofs/{matrix.code}.md) listed with what became of them. None gets a fix, "
        "so that there is nothing to prove."
    )


def _wrapped(text: str) -> str:
    """In lines, of which none ends inside of code."""
    whole = re.sub("`[^`]*`", lambda code: code[0].replace(" ", "\0"), text)
    return fill(whole, _WIDTH, break_on_hyphens=False).replace("\0", " ")


def with_section(page: str, matrix: Matrix) -> str:
    """The page with the section as this matrix makes it."""
    return _SECTION.sub(lambda found: f"## Proof\n{section(matrix)}", page)


def _results(matrix: Matrix) -> Iterator[str]:
    proved = [row for row in matrix.rows if row.verdict == Verdict.PROVED]
    yield (
        f"The matrix of this rule has {len(matrix.rows)} programs, which differ in spelling, "
        "receiver, index, value and dtype; [all of them](proofs/" + f"{matrix.code}.md) are listed "
        f"with what became of them. `tflint-slice prove --rule {matrix.code}` analysed and fixed "
        f"each one and ran its fix against the original, with {installed(matrix)}, on "
        f"{_listed(matrix.devices)}:"
    )
    yield from _outcomes(matrix)
    yield from _remarks(matrix, proved)
    exceptions = Counter(name for row in proved for name in row.exceptions)
    yield (
        f"Numeric differences that are allowed were met in proofs: {_numbered(exceptions)}."
        if exceptions
        else "No numeric difference was met in a proof, not even one that is allowed."
    )
    if all(device.startswith("CPU") for device in matrix.devices):
        yield "No GPU took part: of GPUs these proofs say nothing."


def _outcomes(matrix: Matrix) -> Iterator[str]:
    """What the columns of the table mean, and what is not in it."""
    outcomes = Counter(row.outcome for row in matrix.fixed if not row.is_broken_promise)
    if outcomes[Verdict.REFUTED]:
        yield (
            f"{_programs(outcomes[Verdict.REFUTED])} with an unsafe fix came out refuted: inputs "
            "are not drawn to suit what such a fix assumes."
        )
    broken = sum(row.is_broken_promise for row in matrix.rows)
    if broken:
        yield f"{_programs(broken)} with a safe fix came out not proved: a fault of this rule."
    if outcomes[Verdict.UNPROVED]:
        reasons = Counter(row.remark for row in matrix.fixed if row.outcome == Verdict.UNPROVED)
        yield f"Unproved is what could not be run or compared: {_numbered(reasons, '')}."
    if outcomes[FAILS]:
        yield (
            f"`{FAILS}` counts programs that fail whatever they are given, such as an index beyond "
            "the end: there is nothing to compare."
        )
    without = unfixed(matrix)
    silent = without.pop(NO_FINDING, 0)
    if silent:
        yield f"{_programs(silent)} have no finding, because nothing is wrong that can be seen."
    if without:
        yield f"{_programs(without.total())} get no fix: {_numbered(without)}."


def _remarks(matrix: Matrix, proved: list[Row]) -> Iterator[str]:
    """How many inputs there were, and what the proofs leave out or presume."""
    samples = [row.samples for row in proved]
    if samples:
        least, most = min(samples), max(samples)
        numbers = str(most) if least == most else f"{least} to {most}"
        yield f"Each proof compared {numbers} inputs in eager mode."
    left_out = Counter(mode for row in proved for mode in row.inapplicable)
    if left_out:
        yield (
            "A mode is left out where the original does not run in it, or there is nothing that it "
            f"could show (ints have no gradient): {_numbered(left_out)}."
        )
    remarks = Counter(row.remark for row in proved if row.remark)
    if remarks:
        yield f"Proofs that say what they are restricted to: {_numbered(remarks, '')}."


def _programs(number: int) -> str:
    return "1 program" if number == 1 else f"{number} programs"


def _numbered(numbers: Counter[str], quote: str = "`") -> str:
    return ", ".join(f"{quote}{name}{quote} ({number})" for name, number in numbers.most_common())


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "no device"


def main() -> int:
    for path in sorted(PROOFS.glob("*.json")):
        page = RULES / f"{path.stem}.md"
        text = page.read_text(encoding="utf-8")
        page.write_text(with_section(text, read(PROOFS, path.stem)), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
