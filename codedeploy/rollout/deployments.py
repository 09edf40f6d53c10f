"""CodeDeploy's deployments: made once, found again, stopped."""

from __future__ import annotations

import datetime
import re
import secrets
import time
from typing import Any

from . import interruption
from .aws import Aws, AwsError
from .ending import Failed, Refused, Unknown
from .settings import Settings
from .telling import complain

UNDER_WAY = ["Created", "Queued", "InProgress", "Baking", "Ready"]
# https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
DESCRIPTION = 100
BY_CODEDEPLOY = "codeDeployRollback"
ATTEMPTS = 5

DEFINITION = re.compile(r"(?:arn:[\w-]+:ecs:[\w:-]+:task-definition/)?[A-Za-z0-9_-]+:[0-9]+")


def describe(kind: str, definition: str, deployment: str) -> str:
    """`deploy taproom-staging:12 release-47 #1f0c9a2b`: what it is, which task definition, and by which it is found again."""
    end = f" #{secrets.token_hex(4)}"
    return f"{kind} {definition.rpartition('/')[2]} {deployment}"[: DESCRIPTION - len(end)] + end


def definition_in(description: str, kinds: tuple[str, ...] = ("deploy", "rollback")) -> str | None:
    kind, _, rest = description.partition(" ")
    found = DEFINITION.match(rest) if kind in kinds else None
    return found.group() if found else None


def get(aws: Aws, deployment: str) -> dict[str, Any]:
    return aws.call("deploy", "get-deployment", deploymentId=deployment)["deploymentInfo"]


def ids(aws: Aws, settings: Settings, **filters: Any) -> list[str]:
    group = {"applicationName": settings.rollout["application"], "deploymentGroupName": settings.rollout["group"]}
    return aws.call("deploy", "list-deployments", **group, **filters).get("deployments", [])


def under_way(aws: Aws, settings: Settings) -> str | None:
    """There is at most one: CodeDeploy takes no second one of a group."""
    found = ids(aws, settings, includeOnlyStatuses=UNDER_WAY)
    return found[0] if found else None


def refuse_if_under_way(aws: Aws, settings: Settings) -> None:
    if found := under_way(aws, settings):
        raise Refused(
            f"deployment {found} is under way. Wait for it (codedeploy/follow --environment {settings.environment}), or take it back "
            f"(codedeploy/rollback --environment {settings.environment})"
        )


def create(aws: Aws, settings: Settings, request: dict[str, Any]) -> str:
    """The deployment's id. Without an answer nobody knows whether there is one, so that it is looked for before it is asked for again."""
    since = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=5)
    group = {"applicationName": settings.rollout["application"], "deploymentGroupName": settings.rollout["group"]}
    with interruption.deferred():
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return aws.call("deploy", "create-deployment", once=True, **group, **request)["deploymentId"]
            except (AwsError, KeyError) as error:
                passing = not isinstance(error, AwsError) or error.passing
                if passing:
                    complain(f"CreateDeployment: {error}; looking whether it is there nevertheless")
                    time.sleep(2**attempt)
                if found := _find(aws, settings, request["description"], since):
                    return found
                if not passing or attempt == ATTEMPTS:
                    raise _refused(error, settings) from error
    raise AssertionError("the last attempt returns or raises")


def _find(aws: Aws, settings: Settings, description: str, since: datetime.datetime) -> str | None:
    try:
        for deployment in ids(aws, settings, createTimeRange={"start": since.isoformat()}):
            if get(aws, deployment).get("description") == description:
                return deployment
    except AwsError as error:
        raise Unknown(
            f"whether the deployment was created is not known ({error}). It would be described as {description!r}; look: codedeploy/follow --environment {settings.environment}"
        ) from error
    return None


def _refused(error: Exception, settings: Settings) -> Failed:
    if isinstance(error, AwsError) and error.code == "DeploymentLimitExceededException":
        return Failed(f"another deployment was quicker: {error.message}. Look: codedeploy/follow --environment {settings.environment}")
    return Failed(f"no deployment was created: {error}")


def stop(aws: Aws, deployment: str) -> bool:
    """Stops it, and has CodeDeploy take it back. False if it had ended already."""
    try:
        with interruption.deferred():
            aws.call("deploy", "stop-deployment", deploymentId=deployment, autoRollbackEnabled=True)
    except AwsError as error:
        if error.code == "DeploymentAlreadyCompletedException":
            return False
        raise
    return True


def definition_of(aws: Aws, settings: Settings, info: dict[str, Any]) -> str | None:
    """The task definition that it rolls out. GetDeployment leaves the AppSpec out, so that our description is asked first.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
    """
    if named := definition_in(info.get("description") or ""):
        return named
    found = re.search(r"arn:[\w-]+:ecs:[\w:-]+:task-definition/[\w-]+:[0-9]+", appspec_of(aws, settings, info) or "")
    return found.group() if found else None


def appspec_of(aws: Aws, settings: Settings, info: dict[str, Any]) -> str | None:
    revision = info.get("revision", {})
    content = _content(revision)
    if content is None and (hash := revision.get("appSpecContent", {}).get("sha256")):
        asked = {"revisionType": "AppSpecContent", "appSpecContent": {"sha256": hash}}
        try:
            content = _content(aws.call("deploy", "get-application-revision", applicationName=settings.rollout["application"], revision=asked)["revision"])
        except AwsError:
            return None
    return content


def _content(revision: dict[str, Any]) -> str | None:
    return revision.get("appSpecContent", {}).get("content") or revision.get("string", {}).get("content")
