"""Looks at tasks that stop during Install: ECS would start others for an hour, and CodeDeploy says nothing meanwhile."""

from __future__ import annotations

import collections
import time
from typing import Any

from .aws import Aws, AwsError
from .definitions import CONTAINER
from .service import tasks
from .settings import Settings
from .telling import complain, span

# Nobody's fault, or somebody's wish.
HARMLESS = {"SpotInterruption", "UserInitiated", "TerminationNotice", "InfrastructureHealth"}
# Of a log.
LINES = 15


def crashes(stopped: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [task for task in stopped if task.get("stopCode") not in HARMLESS]


def is_loop(crashed: int, desired: int) -> bool:
    """Each of the wanted tasks has crashed twice, and there were three at least."""
    return crashed >= max(3, 2 * desired)


def reason(task: dict[str, Any]) -> str:
    """Why a task ended, by ECS and by each container that has something to say; the same for tasks that ended in the same way."""
    parts = [task.get("stopCode"), task.get("stoppedReason")]
    for container in task.get("containers", []):
        if container.get("exitCode") or container.get("reason"):
            ended = f"exit code {container['exitCode']}" if container.get("exitCode") is not None else None
            parts.append(f"{container['name']}: {', '.join(part for part in (ended, container.get('reason')) if part)}")
    return "; ".join(part for part in parts if part) or "ECS gives no reason"


class Watchdog:
    def __init__(self, aws: Aws, settings: Settings, definition: str, desired: int, patience: float) -> None:
        self.aws, self.settings, self.definition, self.desired, self.patience = aws, settings, definition, desired, patience
        self.since: float | None = None
        # Why, by task.
        self.seen: dict[str, str] = {}

    def look(self) -> str | None:
        """To be called again and again while Install goes on. A sentence, if it should not."""
        self.since = self.since or time.monotonic()
        crashed = 0
        try:
            stopped = crashes(tasks(self.aws, self.settings, self.definition, "STOPPED"))
            crashed = len(stopped)
            for task in stopped:
                if task["taskArn"] not in self.seen:
                    why = reason(task)
                    if why not in self.seen.values():
                        complain(f"task {task_id(task['taskArn'])} stopped: {why}")
                    self.seen[task["taskArn"]] = why
        except AwsError as error:
            complain(f"whether tasks crash cannot be seen: {error}")
        if is_loop(crashed, self.desired):
            return f"{crashed} tasks have crashed while {self.desired} should start"
        if time.monotonic() - self.since > self.patience:
            return f"Install has not ended after {span(self.patience)}"
        return None

    def told(self) -> list[str]:
        """Each reason once, and the end of the log of the task that crashed last."""
        if not self.seen:
            return []
        counted = [f"{count} tasks stopped: {why}" for why, count in collections.Counter(self.seen.values()).items()]
        return counted + self.log(task_id(list(self.seen)[-1]))

    def log(self, task: str) -> list[str]:
        group, stream = self.settings.values["log_group"], f"ecs/{CONTAINER}/{task}"
        try:
            events = self.aws.call("logs", "get-log-events", logGroupName=group, logStreamName=stream, limit=LINES).get("events", [])
        except AwsError as error:
            return [f"its log ({group}, {stream}) cannot be read: {error}"]
        return [f"its log ends ({group}, {stream}):", *(f"  {event['message'].rstrip()}" for event in events)]


def task_id(arn: str) -> str:
    return arn.rpartition("/")[2]
