"""Which slot has the users, and which is idle: only the production listener knows."""

from __future__ import annotations

from typing import Any, NamedTuple

from .aws import Aws
from .ending import Refused
from .settings import Settings


class Slots(NamedTuple):
    live: str
    idle: str


class InBetween(Refused):
    """Both have users, or none, or others."""


def read(aws: Aws, settings: Settings) -> Slots:
    listener = settings.rollout["listener"]
    (found,) = aws.call("elbv2", "describe-listeners", ListenerArns=[listener])["Listeners"]
    return of(weights(found), settings.rollout["target_groups"])


def weights(listener: dict[str, Any]) -> dict[str, int]:
    """Target groups by ARN. A group by itself has no weight, and all of the traffic."""
    for action in listener.get("DefaultActions", []):
        if action.get("Type") == "forward":
            groups = action.get("ForwardConfig", {}).get("TargetGroups") or [{"TargetGroupArn": action.get("TargetGroupArn")}]
            if len(groups) == 1:
                return {groups[0]["TargetGroupArn"]: 100}
            return {group["TargetGroupArn"]: group.get("Weight", 0) for group in groups}
    return {}


def of(weights: dict[str, int], target_groups: dict[str, str]) -> Slots:
    names = {arn: slot for slot, arn in target_groups.items()}
    with_users = [names.get(arn, arn) for arn, weight in weights.items() if weight]
    if with_users in (["blue"], ["green"]):
        (live,) = with_users
        return Slots(live, "green" if live == "blue" else "blue")
    shown = ", ".join(f"{names.get(arn, arn)} {weight}" for arn, weight in weights.items()) or "nothing"
    raise InBetween(
        f"the production listener sends to {shown}, so that neither slot is idle. Is a deployment under way, codedeploy/follow shows it and codedeploy/rollback takes it "
        "back. If none is, one was stopped without being taken back: docs/runbooks/stuck-deployment.md says how to give one slot all of the traffic"
    )
