"""What a release does, good and bad, by the commands of codedeploy/ on the emulator: on the estate that Terraform made, and on a stage that is made in a second.

A scenario gets a `Ground` on which nothing is under way, and leaves it so.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

from .ground import Ground

Scenario = Callable[[Ground], None]

ALL: list[Scenario] = []


def scenario(function: Scenario) -> Scenario:
    ALL.append(function)
    return function


# A release first, so that there is one to go back to.
for _module in ("good", "back", "bad"):
    importlib.import_module(f"{__name__}.{_module}")
