"""What a run tells at its end: resources and seconds."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

# Of this process; conftest.py gathers those of all.
lines: list[str] = []


def note(line: str) -> None:
    lines.append(line)


@contextlib.contextmanager
def phase(where: str, what: str) -> Iterator[None]:
    since = time.monotonic()
    yield
    note(f"{where:<12} {time.monotonic() - since:6.1f} s  {what}")
