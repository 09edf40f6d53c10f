"""Follows a deployment to its end, and tells what happens as it happens."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from . import deployments
from .aws import Aws, AwsError, moment
from .ending import Unknown
from .settings import Settings
from .telling import complain, say, span
from .watchdog import Watchdog

ENDED = ("Succeeded", "Failed", "Stopped")
# Questions in a row that may go unanswered, beside the CLI's own attempts at each.
UNANSWERED = 12


@dataclass
class Event:
    name: str
    status: str
    seconds: float | None
    message: str


@dataclass
class Followed:
    info: dict[str, Any]
    events: list[Event] = field(default_factory=list)
    stopped_because: str | None = None

    @property
    def id(self) -> str:
        return self.info["deploymentId"]

    @property
    def succeeded(self) -> bool:
        return self.info["status"] == "Succeeded"

    @property
    def seconds(self) -> float | None:
        return lasted(self.info.get("createTime"), self.info.get("completeTime"))


def lasted(start: Any, end: Any) -> float | None:
    begun, ended = moment(start), moment(end)
    return (ended - begun).total_seconds() if begun and ended else None


def events_of(target: dict[str, Any]) -> list[Event]:
    return [
        Event(
            event["lifecycleEventName"],
            event.get("status", "Unknown"),
            lasted(event.get("startTime"), event.get("endTime")),
            event.get("diagnostics", {}).get("message") or "",
        )
        for event in target.get("lifecycleEvents", [])
    ]


def changes(before: dict[str, str], events: list[Event]) -> list[str]:
    """What is to be told of events, given the statuses told already."""
    lines = []
    for event in events:
        if event.status in ("Pending", before.get(event.name)):
            continue
        if event.status == "InProgress":
            lines.append(f"{event.name} begins")
        else:
            after = f" after {span(event.seconds)}" if event.seconds is not None else ""
            lines.append(f"{event.name}: {event.status}{after}{f': {event.message}' if event.message and event.status == 'Failed' else ''}")
        before[event.name] = event.status
    return lines


def traffic(target: dict[str, Any], target_groups: dict[str, str]) -> str:
    """By our slots: CodeDeploy's labels call whatever was before Blue, in either slot."""
    slots = {arn.split("/")[1]: slot for slot, arn in target_groups.items()}
    shares = {slots.get(one.get("targetGroup", {}).get("name"), "?"): one.get("trafficWeight") for one in target.get("taskSetsInfo", [])}
    return ", ".join(f"{slot} {share:g} %" for slot, share in sorted(shares.items()) if share is not None)


def where_to_look(settings: Settings, deployment: str) -> str:
    return f"deployment {deployment} goes on. Look: codedeploy/follow --environment {settings.environment} {deployment}"


class Follower:
    def __init__(self, aws: Aws, settings: Settings, deployment: str, *, poll: float, limit: float, watchdog: Watchdog | None = None) -> None:
        self.aws, self.settings, self.deployment = aws, settings, deployment
        self.poll, self.until, self.limit, self.watchdog = poll, time.monotonic() + limit, limit, watchdog
        self.told: dict[str, str] = {}
        self.traffic, self.status = "", ""
        self.target_id: str | None = None
        self.stopped_because: str | None = None

    def follow(self) -> Followed:
        unanswered = 0
        while True:
            try:
                info = deployments.get(self.aws, self.deployment)
                events = self.look(info)
                if info["status"] in ENDED:
                    return Followed(info, events, self.stopped_because)
                self.watch(events)
                unanswered = 0
            except AwsError as error:
                unanswered += 1
                if error.expired or unanswered >= UNANSWERED:
                    raise Unknown(f"AWS no longer tells how it is ({error}); {where_to_look(self.settings, self.deployment)}") from error
                complain(f"{error}; asking again")
            if time.monotonic() > self.until:
                raise Unknown(f"it has not ended after {span(self.limit)}, which CodeDeploy should not allow; {where_to_look(self.settings, self.deployment)}")
            time.sleep(self.poll)

    def look(self, info: dict[str, Any]) -> list[Event]:
        if info["status"] != self.status:
            self.status = info["status"]
            say(f"{self.deployment} is {self.status}")
        target = self.target()
        events = events_of(target)
        for line in changes(self.told, events):
            say(line)
        if (now := traffic(target, self.settings.rollout["target_groups"])) and now != self.traffic:
            self.traffic = now
            say(f"traffic: {now}")
        return events

    def target(self) -> dict[str, Any]:
        """What CodeDeploy deploys to: the service. There is none until it has begun."""
        try:
            if self.target_id is None:
                found = self.aws.call("deploy", "list-deployment-targets", deploymentId=self.deployment).get("targetIds", [])
                if not found:
                    return {}
                self.target_id = found[0]
            return self.aws.call("deploy", "get-deployment-target", deploymentId=self.deployment, targetId=self.target_id)["deploymentTarget"].get(
                "ecsTarget", {}
            )
        except AwsError as error:
            if error.code in ("DeploymentNotStartedException", "DeploymentTargetDoesNotExistException"):
                return {}
            raise

    def watch(self, events: list[Event]) -> None:
        installing = any(event.name == "Install" and event.status == "InProgress" for event in events)
        if not installing or not self.watchdog or self.stopped_because:
            return
        if because := self.watchdog.look():
            complain(f"{because}: stopping {self.deployment}, and having it taken back")
            if deployments.stop(self.aws, self.deployment):
                self.stopped_because = because


def rollback_of(aws: Aws, settings: Settings, followed: Followed, poll: float) -> str | None:
    """The deployment by which CodeDeploy takes another one back. It is there a moment after that has failed."""
    for _ in range(6):
        info = deployments.get(aws, followed.id)
        found = info.get("rollbackInfo", {})
        if found.get("rollbackDeploymentId"):
            return found["rollbackDeploymentId"]
        if found.get("rollbackMessage"):
            say(f"CodeDeploy says of taking it back: {found['rollbackMessage']}")
            return None
        other = deployments.under_way(aws, settings)
        if other and deployments.get(aws, other).get("rollbackInfo", {}).get("rollbackTriggeringDeploymentId") == followed.id:
            return other
        time.sleep(max(poll, 0.2))
    return None
