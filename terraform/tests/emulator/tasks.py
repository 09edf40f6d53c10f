"""Tasks of ECS: what runs is nothing, and how it fares is told (`control.py`)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from moto.ecs.models import ecs_backends

from . import clock, logs
from .calls import ACCOUNT, Answer

# All there were, by ARN. ECS forgets what is stopped after an hour, and the emulator when it ends.
ALL: dict[str, Task] = {}


class Task:
    def __init__(self, region: str, cluster: str, definition: str, *, group: str, started_by: str | None = None, **settings: Any) -> None:
        """`definition` is a family, with or without a revision, or an ARN; `settings` are told as they are."""
        backend = ecs_backends[ACCOUNT][region]
        self.definition = backend.describe_task_definition(definition)
        name, cluster_arn = backend._get_cluster(cluster).name, backend._get_cluster(cluster).arn
        self.region, self.cluster_arn = region, cluster_arn
        self.id = uuid.uuid4().hex
        self.arn = f"arn:aws:ecs:{region}:{ACCOUNT}:task/{name}/{self.id}"
        self.settings = {"group": group, "startedBy": started_by, "cpu": self.definition.cpu, "memory": self.definition.memory, **settings}
        self.status, self.created = "PROVISIONING", clock.now()
        self.started: float | None = None
        self.stopped: float | None = None
        self.stop_code: str | None = None
        self.stopped_reason: str | None = None
        self.exit_codes: dict[str, int] = {}
        self.reasons: dict[str, str] = {}
        ALL[self.arn] = self

    def live(self, after: float) -> clock.Process:
        """It starts within so many seconds, and then goes on."""
        yield after / 2
        if self.status == "PROVISIONING":
            self.status = "PENDING"
        yield after / 2
        if self.status == "PENDING":
            self.status, self.started = "RUNNING", clock.now()

    def stop(self, code: str, reason: str, exit_code: int | None = 0, why: str | None = None) -> None:
        """`exit_code` is the first container's, and None if it never ran; `why` is ECS' remark on that container."""
        if self.status == "STOPPED":
            return
        self.status, self.stopped, self.stop_code, self.stopped_reason = "STOPPED", clock.now(), code, reason
        first, *others = [container["name"] for container in self.definition.container_definitions]
        if exit_code is not None:
            self.exit_codes = {first: exit_code, **dict.fromkeys(others, 0)}
        if why:
            self.reasons = {first: why}

    def write(self, lines: Iterable[str]) -> None:
        """To the log of the first container."""
        container = self.definition.container_definitions[0]
        options = container.get("logConfiguration", {}).get("options")
        if options:
            logs.write(self.region, options["awslogs-group"], f"{options['awslogs-stream-prefix']}/{container['name']}/{self.id}", lines)

    def describe(self) -> Answer:
        times = {"createdAt": self.created, "startedAt": self.started, "stoppedAt": self.stopped}
        told = {"stopCode": self.stop_code, "stoppedReason": self.stopped_reason, **times, **self.settings}
        return {
            "taskArn": self.arn,
            "clusterArn": self.cluster_arn,
            "taskDefinitionArn": self.definition.arn,
            "lastStatus": self.status,
            "desiredStatus": "STOPPED" if self.stopped else "RUNNING",
            "containers": [self._container(container) for container in self.definition.container_definitions],
            **{name: value for name, value in told.items() if value is not None},
        }

    def _container(self, container: dict[str, Any]) -> Answer:
        name, (_, _, digest) = container["name"], container["image"].partition("@")
        told = {"imageDigest": digest or None, "exitCode": self.exit_codes.get(name), "reason": self.reasons.get(name)}
        return {
            "name": name,
            "image": container["image"],
            "taskArn": self.arn,
            "lastStatus": self.status,
            **{key: value for key, value in told.items() if value is not None},
        }
