"""What only a stage can show of the commands of codedeploy/. The rest is in `releases/`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from releases.ground import CODEDEPLOY, commit
from stage import Stage

pytestmark = pytest.mark.xdist_group("rollout")


def test_never_back_to_terraforms(stage: Stage) -> None:
    stage.run("rollback", code=3).says("there is no version before")
    stage.bring("only-one")
    stage.run("rollback", code=3).says("there is no version before")
    assert stage.container()["image"] == stage.image("only-one")


def test_back_is_what_the_template_would_be_now(stage: Stage) -> None:
    """Nothing of taskdef.yaml is a release's but what `rollback` replaces: another `${slot}`, say."""
    stage.bring("before")
    stage.bring("present")
    idle = stage.idle
    stage.hurry()
    stage.run("rollback", "deployment=back", "--poll", "0.3")
    release = {"image": stage.image("before"), "commit": commit("before"), "deployment": "back", "slot": idle, "breaking_changes": "accepted"}
    rendered = stage.ecs.register_task_definition(**json.loads(stage.render("taskdef.yaml", **release)))["taskDefinition"]
    assert _in_order(stage.definition()) == _in_order(rendered)


def _in_order(definition: dict) -> dict:
    """Without what says when and how often it was registered."""
    for container in definition["containerDefinitions"]:
        container["environment"].sort(key=lambda variable: variable["name"])
    return {name: value for name, value in definition.items() if name not in ("taskDefinitionArn", "revision", "registeredAt")}


def test_tags_are_put_back(stage: Stage) -> None:
    tags = [{"key": "Environment", "value": "stage"}]
    stage.ecs.tag_resource(resourceArn=stage.task_sets()["PRIMARY"]["taskDefinition"], tags=tags)
    first = stage.container()["image"]
    stage.bring("present")
    stage.hurry()
    stage.run("rollback", f"to={first.partition('@')[2]}", "--poll", "0.3")
    assert stage.container()["image"] == first
    assert stage.ecs.list_tags_for_resource(resourceArn=stage.task_sets()["PRIMARY"]["taskDefinition"])["tags"] == tags


def test_a_version_whose_definition_is_inactive(stage: Stage) -> None:
    stage.bring("before")
    before = stage.task_sets()["PRIMARY"]["taskDefinition"]
    stage.bring("present")
    stage.ecs.deregister_task_definition(taskDefinition=before)
    stage.hurry()
    stage.run("rollback", "--poll", "0.3")
    assert (stage.container()["image"], stage.definition()["status"]) == (stage.image("before"), "ACTIVE")


def test_what_of_a_definition_can_be_registered(stage: Stage) -> None:
    model = stage.ecs.meta.service_model
    told, taken = model.shape_for("TaskDefinition").members.keys(), model.operation_model("RegisterTaskDefinition").input_shape.members.keys()
    line = "import json; from rollout import definitions; print(json.dumps(sorted(definitions.SETTABLE)))"
    settable = json.loads(subprocess.run([sys.executable, "-c", line], cwd=CODEDEPLOY, check=True, capture_output=True, text=True).stdout)
    assert settable == sorted(told & taken)
