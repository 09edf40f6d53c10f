"""How long a deployment can take, from what CodeDeploy was told: `aws deploy wait` gives up in the middle of a shift."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from .aws import Aws
from .settings import Settings
from .telling import span

ALL_AT_ONCE = "CodeDeployDefault.ECSAllAtOnce"
# "Seconds until a lifecycle event fails if not completed", https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
EVENT = 3600
# Until it begins, between events, and until it is told as ended.
SLACK = 900


@dataclass(frozen=True)
class Waits:
    """In seconds."""

    shift: int
    ready: int
    termination: int
    hooks: int

    @property
    def limit(self) -> int:
        """Install and each hook have an hour; whatever takes longer CodeDeploy itself has ended."""
        return EVENT * (1 + self.hooks) + self.shift + self.ready + self.termination + SLACK

    def __str__(self) -> str:
        parts = [
            f"traffic is shifted in {span(self.shift)}" if self.shift else "traffic is shifted at once",
            *([f"somebody has {span(self.ready)} to let it go on"] if self.ready else []),
            f"the old tasks are kept for {span(self.termination)}",
            f"it is waited for {span(self.limit)} at most: CodeDeploy gives Install and each of {self.hooks} hooks an hour",
        ]
        return "; ".join(parts)


def shift_seconds(routing: dict[str, Any]) -> int:
    """From the first traffic to all of it."""
    kind = routing.get("type", "AllAtOnce")
    if kind == "TimeBasedCanary":
        return routing["timeBasedCanary"]["canaryInterval"] * 60
    if kind == "TimeBasedLinear":
        # The first step is made at once.
        steps = math.ceil(100 / routing["timeBasedLinear"]["linearPercentage"])
        return (steps - 1) * routing["timeBasedLinear"]["linearInterval"] * 60
    return 0


def of(routing: dict[str, Any], group: dict[str, Any], hooks: int) -> Waits:
    options = group.get("blueGreenDeploymentConfiguration", {})
    ready = options.get("deploymentReadyOption", {})
    termination = options.get("terminateBlueInstancesOnDeploymentSuccess", {})
    return Waits(
        shift=shift_seconds(routing),
        ready=ready.get("waitTimeInMinutes", 0) * 60 if ready.get("actionOnTimeout") == "STOP_DEPLOYMENT" else 0,
        termination=termination.get("terminationWaitTimeInMinutes", 0) * 60,
        hooks=hooks,
    )


def read(aws: Aws, settings: Settings, configuration: str | None, hooks: int) -> Waits:
    """`configuration` is the deployment's own, or None for the group's."""
    names = {"applicationName": settings.rollout["application"], "deploymentGroupName": settings.rollout["group"]}
    group = aws.call("deploy", "get-deployment-group", **names)["deploymentGroupInfo"]
    configuration = configuration or group["deploymentConfigName"]
    if configuration == ALL_AT_ONCE:
        return of({}, group, hooks)
    config = aws.call("deploy", "get-deployment-config", deploymentConfigName=configuration)["deploymentConfigInfo"]
    return of(config.get("trafficRoutingConfig") or {}, group, hooks)
