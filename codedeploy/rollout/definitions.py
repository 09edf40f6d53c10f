"""Task definitions: rendered, registered, and what a registered one says of its version."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from .aws import Aws
from .ending import Misused
from .settings import CODEDEPLOY

CONTAINER = "taproom"
# What RegisterTaskDefinition takes of what DescribeTaskDefinition answers: the rest is ECS' own. terraform/tests/rollout holds it against AWS's model.
SETTABLE = {
    "containerDefinitions",
    "cpu",
    "enableFaultInjection",
    "ephemeralStorage",
    "executionRoleArn",
    "family",
    "inferenceAccelerators",
    "ipcMode",
    "memory",
    "networkMode",
    "pidMode",
    "placementConstraints",
    "proxyConfiguration",
    "requiresCompatibilities",
    "runtimePlatform",
    "taskRoleArn",
    "volumes",
}


@dataclass(frozen=True)
class Version:
    definition: str
    image: str
    commit: str
    deployment: str

    @property
    def digest(self) -> str:
        return self.image.partition("@")[2]

    def __str__(self) -> str:
        return f"{self.digest[:19]} of commit {self.commit[:12] or 'unknown'}"


def render(template: str, values: pathlib.Path, **release: str) -> dict[str, Any]:
    """By the same `render` as anybody's."""
    command = [sys.executable, str(CODEDEPLOY / "render"), str(CODEDEPLOY / template), str(values), *(f"{name}={value}" for name, value in release.items())]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Misused(done.stderr.strip().removeprefix("render: "))
    return json.loads(done.stdout)


def again(aws: Aws, definition: str, *, slot: str, deployment: str) -> dict[str, Any]:
    """A registered one, to be registered for another slot. All else stays as it ran, whatever templates and values say today."""
    answer = aws.call("ecs", "describe-task-definition", taskDefinition=definition, include=["TAGS"])
    found = {name: value for name, value in answer["taskDefinition"].items() if name in SETTABLE}
    (container,) = [one for one in found["containerDefinitions"] if one["name"] == CONTAINER]
    # What taskdef.yaml has of a release beside its image and commit.
    changed = {"TAPROOM_SLOT": slot, "TAPROOM_DEPLOYMENT": deployment}
    kept = [entry for entry in container.get("environment", []) if entry["name"] not in changed]
    container["environment"] = kept + [{"name": name, "value": value} for name, value in changed.items()]
    container["dockerLabels"] = {**container.get("dockerLabels", {}), "taproom.breaking-changes": "accepted"}
    # AWS's own cannot be given.
    tags = [tag for tag in answer.get("tags", []) if not tag["key"].startswith("aws:")]
    # "Tags can not be empty": https://github.com/fabfuel/ecs-deploy/issues/146
    return {**found, "tags": tags} if tags else found


def register(aws: Aws, definition: dict[str, Any]) -> str:
    """Its ARN. If an answer is lost, the CLI asks again, and there is one more that nobody runs."""
    return aws.call("ecs", "register-task-definition", **definition)["taskDefinition"]["taskDefinitionArn"]


def describe(aws: Aws, definition: str) -> Version:
    return version(aws.call("ecs", "describe-task-definition", taskDefinition=definition)["taskDefinition"])


def version(definition: dict[str, Any]) -> Version:
    container = next((one for one in definition.get("containerDefinitions", []) if one["name"] == CONTAINER), {})
    variables = {entry["name"]: entry["value"] for entry in container.get("environment", [])}
    commit = container.get("dockerLabels", {}).get("org.opencontainers.image.revision", "")
    return Version(definition["taskDefinitionArn"], container.get("image", ""), commit, variables.get("TAPROOM_DEPLOYMENT", ""))
