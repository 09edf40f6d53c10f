from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.estate import Estate


@pytest.fixture(scope="session")
def estate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    # Production is as settings.yaml and the example of terraform.tfvars have it.
    estate = Estate(request.param, tmp_path_factory.mktemp(request.param), fork=request.param == "staging")
    yield estate
    estate.emulator.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Releases are the same in all environments: one is enough."""
    again = [
        item
        for item in items
        if getattr(item, "originalname", "") in ("test_release", "test_plan_after_releases_is_empty") and "production" in item.callspec.id
    ]
    items[:] = [item for item in items if item not in again]
    config.hook.pytest_deselected(items=again)
