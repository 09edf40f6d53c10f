"""Tasks: moto runs them on machines that somebody has to register, and does not end them."""

from __future__ import annotations

from moto.ecs.models import ecs_backends

from .. import clock, control
from ..calls import ACCOUNT, Answer, Call, Refused, answers
from ..tasks import ALL, Task

# What is told of a task as RunTask was told it.
KEPT = ("launchType", "platformVersion", "overrides", "tags", "enableExecuteCommand")


@answers("ecs", "RunTask")
def run_task(call: Call) -> Answer:
    fate = control.told["tasks"]
    if fate["failures"]:
        return {"tasks": [], "failures": fate["failures"]}
    settings = {name: call.params[name] for name in KEPT if name in call.params}
    started = []
    for _ in range(call.params.get("count", 1)):
        task = Task(call.region, _cluster(call), call.params["taskDefinition"], group="", started_by=call.params.get("startedBy"), **settings)
        task.settings["group"] = call.params.get("group", f"family:{task.definition.family}")
        clock.start(_one_off(task, fate))
        started.append(task.describe())
    return {"tasks": started, "failures": []}


def _one_off(task: Task, fate: Answer) -> clock.Process:
    yield from task.live(fate["after"])
    if task.status == "STOPPED":
        return
    if fate["exitCode"] is None:
        task.started = None
        task.stop("TaskFailedToStart", fate["stoppedReason"], None)
        return
    task.write(fate["log"])
    yield fate["after"]
    task.stop("EssentialContainerExited", fate["stoppedReason"], fate["exitCode"])


@answers("ecs", "DescribeTasks")
def describe_tasks(call: Call) -> Answer:
    cluster = ecs_backends[ACCOUNT][call.region]._get_cluster(_cluster(call))
    known = {name: task for task in ALL.values() if task.cluster_arn == cluster.arn for name in (task.arn, task.id)}
    missing = [{"arn": name, "reason": "MISSING"} for name in call.params["tasks"] if name not in known]
    return {"tasks": [known[name].describe() for name in call.params["tasks"] if name in known], "failures": missing}


@answers("ecs", "ListTasks")
def list_tasks(call: Call) -> Answer:
    cluster = ecs_backends[ACCOUNT][call.region]._get_cluster(_cluster(call))
    wanted = {"desiredStatus": call.params.get("desiredStatus", "RUNNING")}
    wanted |= {name: call.params[name] for name in ("startedBy", "launchType") if name in call.params}
    if "serviceName" in call.params:
        wanted["group"] = f"service:{call.params['serviceName'].split('/')[-1]}"
    tasks = [task for task in ALL.values() if task.cluster_arn == cluster.arn and wanted.items() <= task.describe().items()]
    return {"taskArns": [task.arn for task in tasks if call.params.get("family", task.definition.family) == task.definition.family]}


@answers("ecs", "StopTask")
def stop_task(call: Call) -> Answer:
    task = next((task for task in ALL.values() if call.params["task"] in (task.arn, task.id)), None)
    if task is None:
        raise Refused("InvalidParameterException", "The referenced task was not found.")
    task.stop("UserInitiated", call.params.get("reason", "Task stopped by user"), 143)
    return {"task": task.describe()}


def _cluster(call: Call) -> str:
    return call.params.get("cluster", "default")
