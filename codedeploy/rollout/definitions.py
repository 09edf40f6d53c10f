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


def render(template: str, values: pathlib.Path, **release: str) -> str:
    """JSON, by the same `render` as anybody's."""
    command = [sys.executable, str(CODEDEPLOY / "render"), str(CODEDEPLOY / template), str(values), *(f"{name}={value}" for name, value in release.items())]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Misused(done.stderr.strip().removeprefix("render: "))
    return done.stdout


def register(aws: Aws, definition: str) -> str:
    """Its ARN. If an answer is lost, the CLI asks again, and there is one more that nobody runs."""
    return aws.call("ecs", "register-task-definition", **json.loads(definition))["taskDefinition"]["taskDefinitionArn"]


def describe(aws: Aws, definition: str) -> Version:
    return version(aws.call("ecs", "describe-task-definition", taskDefinition=definition)["taskDefinition"])


def version(definition: dict[str, Any]) -> Version:
    container = next((one for one in definition.get("containerDefinitions", []) if one["name"] == CONTAINER), {})
    variables = {entry["name"]: entry["value"] for entry in container.get("environment", [])}
    commit = container.get("dockerLabels", {}).get("org.opencontainers.image.revision", "")
    return Version(definition["taskDefinitionArn"], container.get("image", ""), commit, variables.get("TAPROOM_DEPLOYMENT", ""))
