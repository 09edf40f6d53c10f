"""What has to hold of an environment that is applied, read by boto3. Each check yields a sentence for each thing that is wrong.

A check that found nothing to look at has not shown anything: it calls `some`, which fails then.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from support.estate import Estate

Check = Callable[[Estate], Iterator[str]]
T = TypeVar("T")

ALL: list[Check] = []


def check(function: Check) -> Check:
    ALL.append(function)
    return function


def some(things: Iterable[T], what: str) -> Sequence[T]:
    found = list(things)
    assert found, f"there is no {what}"
    return found


for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
