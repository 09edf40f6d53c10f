"""What `render` knows of the templates beside it."""

from __future__ import annotations

import pathlib
import re
import runpy

from .ending import Misused

FOLDER = pathlib.Path(__file__).resolve().parents[1]
_RENDER = runpy.run_path(str(FOLDER / "render"))


def names(template: str) -> set[str]:
    """The values that it needs."""
    return set(_RENDER["PLACEHOLDER"].findall((FOLDER / template).read_text(encoding="utf-8")))


def known() -> set[str]:
    """The values that any of them needs."""
    return _RENDER["known_names"](FOLDER / "taskdef.yaml")


def check(name: str, value: str) -> None:
    """Refuses a value that cannot be meant, for whoever renders no template with it."""
    form, called = _RENDER["FORMS"][name]
    if not re.fullmatch(form, value):
        raise Misused(f"{name} is {value!r}, but must be {called}")
