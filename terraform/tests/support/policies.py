"""Our own rules about what is planned, beside checkov's: they see what no file says, such as an alarm's description that is put together from YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from .terraform import REPOSITORY

Plan = dict[str, Any]
Policy = Callable[[Plan], Iterator[str]]


def planned(plan: Plan, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Addresses and values of all resources of a kind, as they will be."""
    changes = [change for change in plan["resource_changes"] if change["type"] == kind and change["mode"] == "managed"]
    return [(change["address"], change["change"]["after"]) for change in changes if change["change"]["after"]]


def deployment_groups_look_at_alarms(plan: Plan) -> Iterator[str]:
    for address, group in planned(plan, "aws_codedeploy_deployment_group"):
        for alarms in group["alarm_configuration"] or [{"enabled": False}]:
            if not alarms["enabled"] or not alarms["alarms"] or alarms["ignore_poll_alarm_failure"]:
                yield f"{address} does not look at alarms"


def deployment_groups_roll_back(plan: Plan) -> Iterator[str]:
    for address, group in planned(plan, "aws_codedeploy_deployment_group"):
        for rollback in group["auto_rollback_configuration"] or [{"enabled": False}]:
            if not rollback["enabled"] or not {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"} <= set(rollback["events"]):
                yield f"{address} does not roll back"


def alarms_have_runbooks(plan: Plan) -> Iterator[str]:
    for address, alarm in planned(plan, "aws_cloudwatch_metric_alarm"):
        runbook = re.search(r"https://\S+/docs/(runbooks/\S+\.md)", alarm["alarm_description"] or "")
        if not runbook or not (REPOSITORY / "docs" / runbook[1]).is_file():
            yield f"{address} has no runbook: {alarm['alarm_description']}"


def no_secret_is_in_the_state(plan: Plan) -> Iterator[str]:
    """Whoever reads the state would have it."""
    for kind, attribute in (
        ("aws_db_instance", "password"),
        ("aws_secretsmanager_secret_version", "secret_string"),
        ("aws_iam_access_key", "id"),
    ):
        for address, values in planned(plan, kind):
            if values.get(attribute) or kind != "aws_db_instance":
                yield f"{address} has {attribute} in the state"


# Each with what breaks it, so that a policy which never refuses anything is found out.
ALL: dict[Policy, tuple[str, dict[str, Any]]] = {
    deployment_groups_look_at_alarms: ("aws_codedeploy_deployment_group", {"alarm_configuration": []}),
    deployment_groups_roll_back: ("aws_codedeploy_deployment_group", {"auto_rollback_configuration": []}),
    alarms_have_runbooks: (
        "aws_cloudwatch_metric_alarm",
        {"alarm_description": "Look at https://example.com/docs/runbooks/none.md"},
    ),
    no_secret_is_in_the_state: ("aws_db_instance", {"password": "hunter2"}),
}


def broken(plan: Plan, kind: str, values: dict[str, Any]) -> Plan:
    """The plan with other values for all resources of a kind."""
    copied = json.loads(json.dumps(plan))
    changed = planned(copied, kind)
    assert changed, f"the plan has no {kind}"
    for _, after in changed:
        after.update(values)
    return copied
