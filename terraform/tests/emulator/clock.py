"""What goes on between two calls. Nothing runs by itself: before a call is answered, everything is brought to where it is by then.

A process is a generator that yields how many seconds it waits. Time stands still while it works: `now` is when it was due, however late that is noticed.
So a test sees the same order of events on any machine.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Generator

Process = Generator[float, None, None]

_waiting: list[tuple[float, int, Process]] = []
_order = itertools.count()
_due: float | None = None


def now() -> float:
    return time.time() if _due is None else _due


def start(process: Process) -> None:
    heapq.heappush(_waiting, (now(), next(_order), process))


def advance() -> None:
    global _due
    until = time.time()
    try:
        while _waiting and _waiting[0][0] <= until:
            _due, _, process = heapq.heappop(_waiting)
            try:
                pause = next(process)
            except StopIteration:
                continue
            heapq.heappush(_waiting, (_due + pause, next(_order), process))
    finally:
        _due = None
