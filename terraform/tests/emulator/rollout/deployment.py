"""A deployment: what is known of it, as CodeDeploy tells it. What it does is in `engine.py`."""

from __future__ import annotations

import contextlib
import random
import string
from collections.abc import Iterator
from typing import Any

from .. import clock, task_sets
from ..calls import ACCOUNT, Answer
from ..task_sets import TaskSet
from . import appspec
from .appspec import AppSpec
from .traffic import Traffic

# By id, the oldest first.
ALL: dict[str, Deployment] = {}

OVER = {"Succeeded", "Failed", "Stopped"}


class Ended(Exception):
    """Why a deployment does not go on: CodeDeploy's code and sentence, the status, and the event after which a group may roll back."""

    def __init__(self, code: str, message: str, status: str = "Failed", cause: str = "DEPLOYMENT_FAILURE") -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.cause = code, message, status, cause


class Deployment:
    def __init__(
        self,
        region: str,
        group: Answer,
        configuration: Answer,
        specification: AppSpec | None,
        *,
        creator: str = "user",
        events: tuple[str, ...] = appspec.EVENTS,
    ) -> None:
        alphabet = string.ascii_uppercase + string.digits
        self.id = f"d-{''.join(random.choices(alphabet, k=9))}"
        self.region, self.group, self.configuration, self.specification, self.creator = region, group, configuration, specification, creator
        self.status, self.created = "Created", clock.now()
        self.started: float | None = None
        self.completed: float | None = None
        self.error: Ended | None = None
        # None: as the group says.
        self.stop_asked, self.stop_rolls_back = False, None
        self.waits_for_termination = False
        self.alarms, self.rollback_events = group["alarmConfiguration"], group["autoRollbackConfiguration"]
        self.overridden_alarms: Answer | None = None
        self.description: str | None = None
        self.previous: Deployment | None = None
        self.rollback: Deployment | None = None
        self.rolls_back: Deployment | None = None
        self.events: list[Answer] = [{"lifecycleEventName": name, "status": "Pending"} for name in events]
        # Verdict by the id of the hook's execution; None is not told yet.
        self.verdicts: dict[str, str | None] = {}
        self.traffic = Traffic(region, group)
        (self.target,) = group["ecsServices"]
        self.blue: TaskSet | None = None
        self.green: TaskSet | None = None
        ALL[self.id] = self

    @property
    def service(self) -> Any:
        return task_sets.find_service(self.region, self.target["clusterName"], self.target["serviceName"])

    @property
    def key(self) -> tuple[str, str, str]:
        return self.region, self.group["applicationName"], self.group["deploymentGroupName"]

    @contextlib.contextmanager
    def event(self, name: str) -> Iterator[None]:
        (event,) = [event for event in self.events if event["lifecycleEventName"] == name]
        event.update(status="InProgress", startTime=clock.now())
        try:
            yield
        except BaseException:
            event.update(status="Failed", endTime=clock.now())
            raise
        event.update(status="Succeeded", endTime=clock.now())

    def end(self, status: str, error: Ended | None = None) -> None:
        self.status, self.error, self.completed, self.waits_for_termination = status, error, clock.now(), False
        for event in self.events:
            if event["status"] == "Pending":
                event["status"] = "Skipped"

    def describe(self) -> Answer:
        names = ("applicationName", "deploymentGroupName", "loadBalancerInfo", "deploymentStyle", "blueGreenDeploymentConfiguration", "computePlatform")
        optional = {
            "revision": self.specification and revision(self.specification),
            "previousRevision": self.previous and self.previous.specification and revision(self.previous.specification),
            "startTime": self.started,
            "completeTime": self.completed,
            "description": self.description,
            "errorInformation": self.error and {"code": self.error.code, "message": self.error.message},
            "rollbackInfo": self._rollback(),
            "deploymentOverview": self._overview(),
            "overrideAlarmConfiguration": self.overridden_alarms,
        }
        return {
            **{name: self.group[name] for name in names if name in self.group},
            "deploymentId": self.id,
            "deploymentConfigName": self.configuration["deploymentConfigName"],
            "status": self.status,
            "createTime": self.created,
            "creator": self.creator,
            "autoRollbackConfiguration": self.rollback_events,
            "instanceTerminationWaitTimeStarted": self.waits_for_termination,
            **{name: value for name, value in optional.items() if value is not None},
        }

    def _rollback(self) -> Answer | None:
        if self.rolls_back:
            return {
                "rollbackTriggeringDeploymentId": self.rolls_back.id,
                "rollbackMessage": f"Deployment {self.id} is triggered to roll back deployment {self.rolls_back.id}.",
            }
        if self.rollback:
            message = f"Deployment {self.id} terminated. Automatic rollback is triggered with a DeploymentId {self.rollback.id}."
            return {"rollbackDeploymentId": self.rollback.id, "rollbackMessage": message}
        return None

    def _overview(self) -> Answer | None:
        """One target, and only once it is over."""
        if self.status not in OVER:
            return None
        counts = dict.fromkeys(("Pending", "InProgress", "Succeeded", "Failed", "Skipped", "Ready"), 0)
        counts[self.target_status] += 1
        return counts

    @property
    def target_status(self) -> str:
        return {"Created": "Pending", "Stopped": "Failed"}.get(self.status, self.status)

    @property
    def target_id(self) -> str:
        return f"{self.target['clusterName']}:{self.target['serviceName']}"

    def describe_target(self) -> Answer:
        times = [event[name] for event in self.events for name in ("startTime", "endTime") if name in event]
        target = {
            "deploymentId": self.id,
            "targetId": self.target_id,
            "targetArn": f"arn:aws:ecs:{self.region}:{ACCOUNT}:service/{self.target['clusterName']}/{self.target['serviceName']}",
            "lastUpdatedAt": max(times, default=self.created),
            "lifecycleEvents": self.events,
            "status": self.target_status,
            "taskSetsInfo": [self._task_set(task_set, label) for task_set, label in ((self.blue, "Blue"), (self.green, "Green")) if task_set],
        }
        return {"deploymentTargetType": "ECSTarget", "ecsTarget": target}

    def _task_set(self, task_set: TaskSet, label: str) -> Answer:
        return {
            "identifer": task_set.id,
            "desiredCount": task_set.desired,
            "pendingCount": task_set.count("PROVISIONING", "PENDING"),
            "runningCount": task_set.count("RUNNING"),
            "status": task_set.status,
            "trafficWeight": float(self.traffic.weights(self.traffic.production).get(task_set.target_group, 0)),
            "targetGroup": {"name": self.traffic.name(task_set.target_group)},
            "taskSetLabel": label,
        }


def revision(specification: AppSpec) -> Answer:
    """A deployment names its AppSpec, and GetApplicationRevision has the text."""
    return {"revisionType": "AppSpecContent", "appSpecContent": {"sha256": specification.sha256}}


def of_group(key: tuple[str, str, str]) -> list[Deployment]:
    """The newest first."""
    return [deployment for deployment in reversed(ALL.values()) if deployment.key == key]
