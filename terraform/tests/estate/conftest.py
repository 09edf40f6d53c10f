from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.estate import Estate


@pytest.fixture(scope="session")
def estate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    estate = Estate(request.param, tmp_path_factory.mktemp(request.param))
    yield estate
    estate.emulator.stop()
