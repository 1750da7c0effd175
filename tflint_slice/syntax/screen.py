"""The screens: a look at a file's bytes, and one at its tree, that spare most files the rest.

They may let a file through in vain; they must never stop one in which analysis would find
something.
"""

from __future__ import annotations

import ast
import re

from tflint_slice.files.reading import folded
from tflint_slice.infer.modules import leads_to_tensorflow
from tflint_slice.syntax.byte_spots import may_change_parts
from tflint_slice.syntax.nodes import attributes_of, nodes_of
from tflint_slice.timing import Stage, timed

# All evidence starts at an import of one of these, and their names are spelled out in the file.
_ROOT = re.compile(rb"tensorflow|keras")

# Comments that name our codes, or us, may be out of date wherever they stand.
_SUPPRESSION = re.compile(rb"(?i:noqa)[^\r\n]*(?:TFS|tfs)|tflint-slice:")
_SUPPRESSED = (b"TFS", b"tfs", b"tflint-slice:")


@timed(Stage.BYTES)
def worth_parsing(data: bytes, path: str | None = None) -> bool:
    """Whether the source in ``data`` (encoded as it is on disk) can hold a finding.

    What it imports from its project may bring the evidence; ``path`` says where it lies, if
    there is such a place.
    """
    mentioned = _ROOT.search(data) is not None
    if mentioned and may_change_parts(data):
        return True
    if may_be_out_of_date(data):
        return True
    plain = data
    try:
        data = folded(plain)
    except UnicodeDecodeError:
        return True
    if mentioned and data is plain:
        return False
    if not may_change_parts(data):
        return False
    return _ROOT.search(data) is not None or (path is not None and leads_to_tensorflow(data, path))


def may_be_out_of_date(data: bytes) -> bool:
    """Whether a comment may silence what is ours, so that there is a finding if it does not."""
    return any(word in data for word in _SUPPRESSED) and _SUPPRESSION.search(data) is not None


def worth_inferring(tree: ast.Module) -> bool:
    """Whether anything in the tree has the form that some rule is about.

    These are calls of scatter functions by whatever name they are imported; changes of a part of
    what may be a variable, a copy of one, or a tensor; and names bound to what a function that puts
    tensors together makes of them.
    """
    # Imported here: most runs see no tree at all.
    from tflint_slice.syntax.spots import names_scatters
    from tflint_slice.syntax.tensor_rebuilds import rebuilds_tensors
    from tflint_slice.syntax.tensor_stores import may_store_into_tensors
    from tflint_slice.syntax.tensorflow_names import names_of_tensorflow
    from tflint_slice.syntax.variable_stores import MAKERS, writes_to_variables

    if not names_of_tensorflow(tree) and MAKERS.isdisjoint(attributes_of(tree)):
        # ``self.add_weight`` is taken at its word; all else is known by where it is imported from.
        return False
    if names_scatters(nodes_of(tree)):
        return True
    return writes_to_variables(tree) or may_store_into_tensors(tree) or rebuilds_tensors(tree)
