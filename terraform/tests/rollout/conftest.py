from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest
from stage import Stage
from support.emulated import Emulator


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    emulator = Emulator(tmp_path_factory.mktemp("rollout") / "emulator.log")
    yield emulator
    emulator.stop()


@pytest.fixture
def stage(emulator: Emulator, aws: str, tmp_path: pathlib.Path) -> Iterator[Stage]:
    # Whatever waits for minutes waits until a test tells that they have passed.
    emulator.tell(minute=3_600)
    stage = Stage(emulator, tmp_path)
    stage.path = aws
    yield stage
    emulator.forget()
