"""Replaces a file's content in one step, or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator

from tflint_slice.files.reading import read_bytes


class ChangedMeanwhileError(Exception):
    """The file is no longer what was read from it."""


def replace_file(path: str, before: bytes, after: bytes) -> None:
    """Make ``after`` the content of ``path``, whose content was ``before`` when it was read.

    The new content goes to a temporary beside the file and takes its place by a rename, so that
    a reader, a crash or a full disk never leaves half a file. The mode stays, and the owner where
    that is allowed; behind a symbolic link it is the file that is replaced, not the link.

    Raises:
        ChangedMeanwhileError: the file holds something else by now.
        OSError: it cannot be written; it is then as it was.
    """
    target = os.path.realpath(path)
    if not os.access(target, os.W_OK):
        # A rename would go through: it asks the directory for permission, not the file.
        raise PermissionError(errno.EACCES, "the file is read-only", path)
    with _uninterrupted(), _beside(target, after) as temporary:
        _keep_owner(target, temporary)
        shutil.copymode(target, temporary)
        if read_bytes(target) != before:
            raise ChangedMeanwhileError(path)
        os.replace(temporary, target)


def write_file(path: str, content: bytes) -> None:
    """Make ``content`` that of ``path``, whether or not there is such a file.

    Raises:
        OSError: it cannot be written; it is then as it was.
    """
    target = os.path.realpath(path)
    with _uninterrupted(), _beside(target, content) as temporary:
        if os.path.exists(target):
            shutil.copymode(target, temporary)
        else:
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, target)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let an interrupt wait until a file is written, or its temporary might stay behind."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


@contextlib.contextmanager
def _beside(target: str, content: bytes) -> Iterator[str]:
    """A temporary beside ``target`` that holds ``content``; gone if all does not end well."""
    descriptor, temporary = tempfile.mkstemp(
        prefix=f".{os.path.basename(target)}.", suffix=".tmp", dir=os.path.dirname(target)
    )
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    except BaseException:
        os.unlink(temporary)
        raise


def _keep_owner(target: str, temporary: str) -> None:
    if not hasattr(os, "chown"):
        return
    wanted, given = os.stat(target), os.stat(temporary)
    if (wanted.st_uid, wanted.st_gid) != (given.st_uid, given.st_gid):
        # Whoever may write a file need not be allowed to give one away; git does the same.
        try:
            os.chown(temporary, wanted.st_uid, wanted.st_gid)
        except PermissionError:
            with contextlib.suppress(PermissionError):
                os.chown(temporary, -1, wanted.st_gid)
