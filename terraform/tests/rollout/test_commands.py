"""What only a stage can show of the commands of codedeploy/. The rest is in `releases/`."""

from __future__ import annotations

import pytest
from releases.ground import image
from stage import Stage

pytestmark = pytest.mark.xdist_group("rollout")


def test_never_back_to_terraforms(stage: Stage) -> None:
    stage.run("rollback", code=3).says("there is no version before")
    stage.bring("only-one")
    stage.run("rollback", code=3).says("there is no version before")
    assert stage.container()["image"] == image("only-one")
