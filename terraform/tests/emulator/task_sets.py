"""Task sets: the versions of a service that CodeDeploy deploys."""

from __future__ import annotations

import random
from typing import Any

from moto.ecs.models import Service, ecs_backends

from . import clock, control
from .calls import ACCOUNT, Answer
from .tasks import Task

# By the service's ARN, the oldest first.
_all: dict[str, list[TaskSet]] = {}


def of(service: str) -> list[TaskSet]:
    return _all.setdefault(service, [])


def primary(service: str) -> TaskSet:
    (found,) = [task_set for task_set in of(service) if task_set.status == "PRIMARY"]
    return found


def forget(service: str) -> None:
    _all.pop(service, None)


def find_service(region: str, cluster: str, name: str) -> Service | None:
    found, _ = ecs_backends[ACCOUNT][region].describe_services(cluster, [name])
    return found[0] if found else None


class TaskSet:
    def __init__(self, service: Service, definition: str, balancer: dict[str, Any], settings: dict[str, Any], deployment: str | None = None) -> None:
        """`balancer` has `targetGroupArn`, `containerName` and `containerPort`; `settings` are told as they are."""
        self.service, self.definition, self.balancer, self.settings, self.deployment = service, definition, balancer, settings, deployment
        self.id = f"ecs-svc/{random.randrange(10**18, 10**19)}"
        self.status, self.scale, self.created, self.steady_since = "ACTIVE", 100, clock.now(), clock.now()
        # Whether its tasks never get anywhere.
        self.broken = False
        self.tasks: list[Task] = []
        of(service.arn).append(self)

    @property
    def target_group(self) -> str:
        return self.balancer["targetGroupArn"]

    @property
    def desired(self) -> int:
        return self.service.desired_count * self.scale // 100

    @property
    def steady(self) -> bool:
        return not self.broken and self.count("RUNNING") == self.desired

    def count(self, *states: str) -> int:
        return sum(task.status in states for task in self.tasks)

    def reconcile(self, after: float = 0) -> None:
        """Starts and stops tasks, until there are as many as are wanted."""
        if self.broken:
            return
        self.tasks = [task for task in self.tasks if task.status != "STOPPED"]
        for task in self.tasks[self.desired :]:
            task.stop("ServiceSchedulerInitiated", f"Scaling activity initiated by (deployment {self.id})")
        for _ in range(self.desired - len(self.tasks)):
            clock.start(self._start().live(after))

    def install(self) -> None:
        """Starts a candidate's tasks, which fare as a test has told."""
        fate = control.told["install"]
        if fate["tasks"] == "run":
            self.reconcile(fate["after"])
        else:
            self.broken = True
            clock.start(self._fail(fate))

    def drain(self) -> None:
        self.scale, self.status, self.broken = 0, "DRAINING", False
        self.reconcile()

    def leave(self) -> None:
        """What is drained can be seen until another one comes; what was left over goes then."""
        if self.status != "PRIMARY":
            self.drain()
            of(self.service.arn).remove(self)

    def _start(self) -> Task:
        providers = self.settings.get("capacityProviderStrategy") or [{}]
        told = {"capacityProviderName": providers[0].get("capacityProvider"), "launchType": self.settings.get("launchType", "FARGATE")}
        task = Task(self.service.region_name, self.service.cluster_name, self.definition, group=f"service:{self.service.name}", started_by=self.id, **told)
        self.tasks.append(task)
        return task

    def _fail(self, fate: dict[str, Any]) -> clock.Process:
        """ECS starts tasks anew for as long as they are wanted, however often they fail."""
        while self.broken:
            self.tasks = []
            started = [self._start() for _ in range(self.desired)]
            for task in started:
                clock.start(task.live(fate["after"] if fate["tasks"] == "crash" else 3_600))
            yield fate["after"] * 2
            for task in started:
                if fate["tasks"] == "crash":
                    task.write(fate["log"])
                    task.stop("EssentialContainerExited", "Essential container in task exited", fate["exitCode"])
                else:
                    image = task.definition.container_definitions[0]["image"]
                    task.stop(
                        "TaskFailedToStart",
                        f"CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref {image}: not found",
                        None,
                    )

    def describe(self) -> Answer:
        name = f"{self.service.cluster_name}/{self.service.name}"
        by_codedeploy = {"externalId": self.deployment, "startedBy": "CODE_DEPLOY"} if self.deployment else {}
        return {
            "id": self.id,
            "taskSetArn": f"arn:aws:ecs:{self.service.region_name}:{ACCOUNT}:task-set/{name}/{self.id}",
            "serviceArn": self.service.arn,
            "clusterArn": self.service.cluster_arn,
            "status": self.status,
            "taskDefinition": self.definition,
            "computedDesiredCount": self.desired,
            "pendingCount": self.count("PROVISIONING", "PENDING"),
            "runningCount": self.count("RUNNING"),
            "createdAt": self.created,
            "updatedAt": self.created,
            "loadBalancers": [self.balancer],
            "scale": {"value": float(self.scale), "unit": "PERCENT"},
            "stabilityStatus": "STEADY_STATE" if self.steady else "STABILIZING",
            "tags": [],
            **self.settings,
            **by_codedeploy,
        }
