"""The service as ECS tells it. Its `taskDefinition` is whatever it was made with: under CODE_DEPLOY only task sets know better."""

from __future__ import annotations

from typing import Any

from .aws import Aws
from .definitions import CONTAINER, Version, describe
from .ending import Unknown
from .settings import Settings

# ECS describes so many at a time.
BATCH = 100


def describe_service(aws: Aws, settings: Settings) -> dict[str, Any]:
    found = aws.call("ecs", "describe-services", cluster=settings.rollout["cluster"], services=[settings.rollout["service"]])["services"]
    if not found:
        raise Unknown(f"there is no service {settings.rollout['service']} in the cluster {settings.rollout['cluster']}; is Terraform applied?")
    return found[0]


def primary(service: dict[str, Any]) -> dict[str, Any]:
    """The task set that users are with."""
    for task_set in service.get("taskSets", []):
        if task_set.get("status") == "PRIMARY":
            return task_set
    raise Unknown(
        f"the service {service.get('serviceName')} has no PRIMARY task set: nothing serves, or it is not CodeDeploy's; look with aws ecs describe-services"
    )


def live_version(aws: Aws, settings: Settings) -> Version:
    return describe(aws, primary(describe_service(aws, settings))["taskDefinition"])


def tasks(aws: Aws, settings: Settings, definition: str, status: str) -> list[dict[str, Any]]:
    """The service's tasks of a definition, RUNNING or STOPPED; ECS remembers stopped ones for an hour or so."""
    cluster = settings.rollout["cluster"]
    arns = aws.call("ecs", "list-tasks", cluster=cluster, serviceName=settings.rollout["service"], desiredStatus=status).get("taskArns", [])
    found: list[dict[str, Any]] = []
    for start in range(0, len(arns), BATCH):
        found += aws.call("ecs", "describe-tasks", cluster=cluster, tasks=arns[start : start + BATCH])["tasks"]
    return [task for task in found if task["taskDefinitionArn"] == definition]


def digests(tasks: list[dict[str, Any]]) -> set[str]:
    """What really runs, of those that say so."""
    return {
        container["imageDigest"]
        for task in tasks
        for container in task.get("containers", [])
        if container["name"] == CONTAINER and container.get("imageDigest")
    }
