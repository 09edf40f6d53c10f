"""The scenarios of `releases/` on a stage, for whoever changes the commands: python3 -m pytest rollout/scenarios.py. The estate has them in its life."""

from __future__ import annotations

import pytest
import releases
from stage import Stage


@pytest.mark.parametrize("scenario", releases.ALL, ids=lambda scenario: scenario.__name__)
def test(stage: Stage, scenario: releases.Scenario) -> None:
    scenario(stage)
