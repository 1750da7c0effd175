"""Runs one text as the program that it is, and looks at everything that it did."""

from __future__ import annotations

import builtins
import contextlib
import hashlib
import importlib
import os
import random
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from tflint_slice.prove.program.ends import Ends, compiled
from tflint_slice.prove.program.imports import Given, Prepared
from tflint_slice.prove.program.lending import Lending
from tflint_slice.prove.program.observation import Ending, Observation
from tflint_slice.prove.program.reach import Reach
from tflint_slice.prove.program.request import MAIN, Program, Request
from tflint_slice.prove.program.walk import Walk, own_modules

SEED = 0
SHOWN = 16 * 2**20
"""Bytes of what is printed that are kept as they are."""


class Refused(Exception):
    """What was asked for cannot be done: a device or a function that is not there."""


def observe(request: Request, printed: Path) -> Observation:
    """Run it, in this process, which is of no use afterwards. ``printed`` is its output's file.

    Raises:
        Refused: there is no such device or function.
    """
    program = request.program
    lending = Lending(program.path, frozenset(request.lent))
    reach = Reach(program.path, request.places)
    ends = Ends()
    _set_the_scene(request, lending, ends)
    results: list[Any] = []

    def run() -> None:
        if program.is_script:
            _run_script(request)
        else:
            results.append(_call_function(program, ends))

    with _device(request.device):
        ending = _ended(run, reach)
    walk = _walk(program, results, ends)
    with contextlib.suppress(ValueError):  # the program may have closed it
        sys.stdout.flush()
    output = printed.read_bytes()
    return Observation(
        ending,
        output[:SHOWN].decode(errors="backslashreplace"),
        hashlib.sha256(output).hexdigest(),
        walk.found,
        _listed_devices(),
        frozenset(reach.reached),
        walk.complete,
        lending.refused,
    )


def _set_the_scene(request: Request, lending: Lending, ends: Ends) -> None:
    program = request.program
    if not program.legacy_keras:
        # To be chosen by the program, which may look whether it has been.
        os.environ.pop("TF_USE_LEGACY_KERAS", None)
    random.seed(SEED)
    np.random.seed(SEED)

    def prepare(tensorflow: ModuleType) -> None:
        tensorflow.random.set_seed(SEED)
        lending.prepare(tensorflow)

    Prepared({"tensorflow": prepare, "keras": lending.prepare}).install()
    name = Path(program.path).stem if program.is_script else program.module
    code = compiled(request.text, program.path, program.function)
    # The hooks have names of their own, which any module of the program may be asked for.
    vars(builtins).update(ends.hooks)
    Given(name, program.path, request.text, code).install()
    sys.argv = [program.path, *program.arguments]
    sys.path[0] = program.folder


def _run_script(request: Request) -> None:
    """As ``python PATH`` does it, with the text in the place of what the file holds."""
    module = ModuleType(MAIN)
    module.__file__ = request.program.path
    vars(module).update(__builtins__=builtins, __cached__=None)
    sys.modules[MAIN] = module
    exec(compiled(request.text, request.program.path, request.program.function), vars(module))


def _call_function(program: Program, ends: Ends) -> Any:
    function = getattr(importlib.import_module(program.module), program.function, None)
    if not callable(function):
        raise Refused(f"{program.path}: no function {program.function} to call")
    ends.calls.clear()  # those that the import made
    return function()


def _ended(run: Callable[[], None], reach: Reach) -> Ending:
    try:
        reach.start()
        run()
    except Refused:
        raise
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return Ending(status=error.code or 0)
        return Ending(message=str(error.code), status=1)
    except BaseException as error:  # whatever a program ends in is what it did
        traceback.print_exc()
        kind = type(error)
        name = kind.__qualname__ if kind.__module__ == "builtins" else _named(kind)
        return Ending(name, str(error)[:1000], 1)
    finally:
        reach.stop()
        _wait_for_threads()
    return Ending()


def _named(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _wait_for_threads() -> None:
    """As Python does before it exits."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()


# --- what there is to see afterwards --------------------------------------------------------------


def _walk(program: Program, results: list[Any], ends: Ends) -> Walk:
    modules = own_modules(program.folder)
    main = sys.modules.get(program.module)
    if main is not None:
        modules[program.module] = main
    # A script is the same program under its own name, should anything have imported that.
    walk = Walk(own=modules.__contains__)
    if main is not None:
        walk.names("", vars(main))
    for name, module in modules.items():
        if module is not main:
            walk.names(name, vars(module))
    call = f"{program.function}()"
    for number, (result, names) in enumerate(ends.calls):
        which = f" (call {number + 1})" if number else ""
        if program.is_script or number:
            walk.value(call + which, result)
        walk.names(call + which, names)
    for result in results:
        walk.value(call, result)
    walk.go()
    return walk


# --- devices --------------------------------------------------------------------------------------


def _device(name: str) -> contextlib.AbstractContextManager[Any]:
    if not name:
        return contextlib.nullcontext()
    tf: Any = importlib.import_module("tensorflow")
    known = [_short(device.name) for device in tf.config.list_physical_devices()]
    if name not in known:
        raise Refused(f"no device {name!r}; TensorFlow lists {', '.join(known)}")
    device: contextlib.AbstractContextManager[Any] = tf.device(name)
    return device


def _listed_devices() -> tuple[str, ...]:
    tf: Any = sys.modules.get("tensorflow")
    if tf is None:
        return ()
    return tuple(_short(device.name) for device in tf.config.list_logical_devices())


def _short(name: str) -> str:
    return name.rpartition("device:")[2]
