"""Why a deployment failed: what CodeDeploy, the hooks and the alarms say of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from . import alarms
from .aws import Aws, AwsError, moment
from .following import Followed
from .settings import Settings

ADVICE = {
    "ALARM_ACTIVE": "docs/runbooks/rollout-gate.md says what each alarm saw, and what to check",
    "HOOK_EXECUTION_FAILURE": "the hook's checks are explained in codedeploy/hooks/README.md",
    "MANUAL_STOP": "somebody, or the watchdog, stopped it",
    "TIMEOUT": "tasks did not become healthy, or a hook never told: docs/runbooks/stuck-deployment.md",
    "ECS_UPDATE_ERROR": "ECS refused what the AppSpec says: does it fit the service that Terraform made?",
    "IAM_ROLE_PERMISSIONS": "CodeDeploy's role lacks a permission (terraform/modules/rollout)",
    "INVALID_LAMBDA_FUNCTION": "a hook's function is not there, or cannot be called",
}


def causes(aws: Aws, settings: Settings, followed: Followed, gate: list[str], stopped_tasks: list[str]) -> list[str]:
    """Sentences, the most telling ones first. What cannot be read is one, too."""
    error = followed.info.get("errorInformation") or {}
    found = [f"stopped by this command: {followed.stopped_because}"] if followed.stopped_because else []
    if error:
        found.append(f"CodeDeploy: {error.get('code', 'no code')}: {error.get('message', 'no message')}")
    failed = [event for event in followed.events if event.status == "Failed"]
    found += [f"{event.name} failed{f': {event.message}' if event.message else ''}" for event in failed]
    found += stopped_tasks
    for event in failed:
        if hook := settings.rollout["hooks"].get(event.name):
            found += _unless_unreadable(f"the log of {hook['function']}", lambda: hook_reasons(aws, hook, followed))
    if gate:
        found += _unless_unreadable(
            "the gate's alarms", lambda: [f"alarm {one['AlarmName']}: {one.get('StateReason', '')}" for one in alarms.firing(alarms.describe(aws, gate))]
        )
    if advice := ADVICE.get(error.get("code", "")):
        found.append(advice)
    return found


def _unless_unreadable(what: str, read: Callable[[], list[str]]) -> list[str]:
    try:
        return read()
    except AwsError as error:
        return [f"{what} cannot be read: {error}"]


def hook_reasons(aws: Aws, hook: dict[str, str], followed: Followed) -> list[str]:
    begun = moment(followed.info.get("createTime"))
    since = {"startTime": int(begun.timestamp() * 1000)} if begun else {}
    found = aws.call("logs", "filter-log-events", logGroupName=hook["log_group"], filterPattern=f'"{followed.id}"', **since)
    reasons = reasons_in([event.get("message", "") for event in found.get("events", [])], followed.id)
    return [f"{hook['function']}: {reason}" for reason in reasons] or [f"{hook['function']} has logged no verdict; its log is {hook['log_group']}"]


def reasons_in(lines: list[str], deployment: str) -> list[str]:
    """Of the hook's last verdict: a process that crashed is tried again."""
    reasons: list[str] = []
    for line in lines:
        verdict = _json(line)
        if verdict.get("deployment") == deployment and "verdict" in verdict:
            reasons = [str(reason) for reason in verdict.get("reasons", [])]
    return reasons


def _json(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
