"""Ctrl-C and its like: heard at once, but never in the middle of what must be whole."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator


class Interrupted(BaseException):
    """No `Exception`, so that nothing that merely tolerates errors goes on."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.code = 128 + number


_pending: int | None = None
_deferred = 0
_raised = False


def listen() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _hear)


def _hear(number: int, _frame: object) -> None:
    global _pending, _raised
    if _raised:
        # What is to be put in order is being put in order.
        return
    if _deferred:
        _pending = number
    else:
        _raised = True
        raise Interrupted(number)


@contextlib.contextmanager
def deferred() -> Iterator[None]:
    """What is in here is done to its end first."""
    global _pending, _deferred, _raised
    _deferred += 1
    try:
        yield
    finally:
        _deferred -= 1
        if not _deferred and _pending is not None:
            number, _pending, _raised = _pending, None, True
            raise Interrupted(number)
