"""The gate: the alarms that may stop a deployment (docs/decisions/0016-canary-gate.md)."""

from __future__ import annotations

from typing import Any

from .aws import Aws
from .ending import Misused, Refused
from .settings import Settings

# Per deployment, https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AlarmConfiguration.html
MOST = 10


def gate(settings: Settings, idle: str, without: list[str]) -> list[str]:
    """Those of the candidate's slot and those of both, but for what is left out."""
    names = [*settings.rollout["gate"][idle], *settings.rollout["gate"]["shared"]]
    if unknown := sorted(set(without) - set(names)):
        raise Misused(f"the gate of {idle} has no {', '.join(unknown)}; it has {', '.join(names)}")
    kept = [name for name in names if name not in without]
    if not kept or len(kept) > MOST:
        raise Misused(f"{len(kept)} alarms would judge {idle}, but there have to be 1 to {MOST}")
    return kept


def describe(aws: Aws, names: list[str]) -> list[dict[str, Any]]:
    return aws.call("cloudwatch", "describe-alarms", AlarmNames=names, AlarmTypes=["MetricAlarm"]).get("MetricAlarms", [])


def firing(alarms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [alarm for alarm in alarms if alarm.get("StateValue") == "ALARM"]


def refuse_if_firing(aws: Aws, names: list[str]) -> None:
    """CodeDeploy would stop a deployment at its start, and one whose alarms it cannot see, too. Better before the schema is migrated."""
    found = describe(aws, names)
    if missing := sorted(set(names) - {alarm["AlarmName"] for alarm in found}):
        raise Refused(f"the gate's alarms {', '.join(missing)} are not there; apply Terraform, which makes them")
    if loud := sorted(alarm["AlarmName"] for alarm in firing(found)):
        raise Refused(
            f"firing now: {', '.join(loud)}. CodeDeploy would stop the deployment at its start. After a rollback they are quiet within some ten minutes. "
            f"Is this the cure? Leave them out: --without-alarm {' --without-alarm '.join(loud)} (docs/runbooks/rollout-gate.md)"
        )
