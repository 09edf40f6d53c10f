"""The course of a deployment: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html"""

from __future__ import annotations

import json
import traceback
import uuid
from collections.abc import Callable

from moto.awslambda.models import lambda_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.ecs.models import ecs_backends

from .. import clock, control, logs, task_sets
from ..calls import ACCOUNT
from ..services import lambda_
from . import configurations
from .deployment import Deployment, Ended

# How often CodeDeploy looks, and how long what takes no time takes, in seconds.
TICK = 0.05

MINUTES = {
    "install": (60, "TIMEOUT", "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes."),
    "hook": (
        60,
        "TIMEOUT",
        "The deployment timed out while waiting for a status callback. CodeDeploy expects a status callback within one hour after a deployment hook is invoked.",
    ),
}


def run(deployment: Deployment) -> clock.Process:
    yield TICK * 2
    deployment.status, deployment.started = "InProgress", clock.now()
    try:
        yield from _replace(deployment)
        yield from _keep_blue(deployment)
        deployment.end("Succeeded")
    except Ended as error:
        _fail(deployment, error)
    except Exception as error:
        traceback.print_exc()
        _fail(deployment, Ended("INTERNAL_ERROR", f"the emulator: {error!r}"))


def _replace(deployment: Deployment) -> clock.Process:
    work: dict[str, Callable[[Deployment], clock.Process]] = {"Install": _install, "AllowTestTraffic": _allow_test_traffic, "AllowTraffic": _allow_traffic}
    for event in deployment.events:
        name = event["lifecycleEventName"]
        with deployment.event(name):
            if name in work:
                yield from work[name](deployment)
            if name in deployment.specification.hooks:
                yield from _hook(deployment, name, deployment.specification.hooks[name])


def _install(deployment: Deployment) -> clock.Process:
    specification, traffic = deployment.specification, deployment.traffic
    deployment.blue = task_sets.primary(deployment.service.arn)
    if not traffic.weights(traffic.production).get(deployment.blue.target_group):
        raise Ended(
            "ELASTIC_LOAD_BALANCING_INVALID", "The ELB could not be updated due to the following error: Primary taskset target group must be behind listener"
        )
    target_group = traffic.other(deployment.blue.target_group)
    if not traffic.balanced(target_group):
        message = f"The target group {target_group} does not have an associated load balancer."
        raise Ended("INVALID_ECS_SERVICE", f"The ECS service cannot be updated due to an unexpected error: {message}")
    for left in list(task_sets.of(deployment.service.arn)):
        left.leave()
    balancer = {"targetGroupArn": target_group, "containerName": specification.container, "containerPort": specification.port}
    _refuse_unknown_container(deployment)
    deployment.green = task_sets.TaskSet(deployment.service, specification.definition, balancer, specification.settings, deployment.id)
    deployment.green.install()
    yield from _wait(deployment)
    yield from _wait_until(deployment, lambda: deployment.green.steady, *MINUTES["install"])


def _refuse_unknown_container(deployment: Deployment) -> None:
    specification = deployment.specification
    definition = ecs_backends[ACCOUNT][deployment.region].describe_task_definition(specification.definition)
    ports = {container["name"]: [mapping["containerPort"] for mapping in container.get("portMappings", [])] for container in definition.container_definitions}
    if specification.port not in ports.get(specification.container, []):
        message = f"The container {specification.container} did not have a container port {specification.port} defined."
        raise Ended("INVALID_ECS_SERVICE", f"The ECS service cannot be updated due to an unexpected error: {message}")


def _allow_test_traffic(deployment: Deployment) -> clock.Process:
    deployment.traffic.send(deployment.traffic.test, deployment.green.target_group, 100)
    yield from _wait(deployment)


def _allow_traffic(deployment: Deployment) -> clock.Process:
    for percent, minutes in configurations.steps(deployment.configuration):
        deployment.traffic.send(deployment.traffic.production, deployment.green.target_group, percent)
        yield from _wait(deployment, minutes)
    deployment.traffic.send(deployment.traffic.production, deployment.green.target_group, 100)
    deployment.green.status, deployment.blue.status = "PRIMARY", "ACTIVE"
    yield from _wait(deployment)


def _keep_blue(deployment: Deployment) -> clock.Process:
    """For as long as the group says. Alarms still count, and whoever stops the deployment has blue back at once."""
    termination = deployment.group.get("blueGreenDeploymentConfiguration", {}).get("terminateBlueInstancesOnDeploymentSuccess", {})
    if termination.get("action", "TERMINATE") == "TERMINATE":
        deployment.waits_for_termination = True
        yield from _wait(deployment, termination.get("terminationWaitTimeInMinutes", 0))
        deployment.blue.drain()


def _hook(deployment: Deployment, event: str, function: str) -> clock.Process:
    name = function.split(":")[-1]
    try:
        configuration = lambda_backends[ACCOUNT][deployment.region].get_function(name)
    except Exception as error:
        raise Ended("INVALID_LAMBDA_FUNCTION", f"The Lambda function {function} of {event} cannot be invoked: {error}") from error
    execution = str(uuid.uuid4())
    deployment.verdicts[execution] = None
    payload = json.dumps({"DeploymentId": deployment.id, "LifecycleEventHookExecutionId": execution})
    lambda_.invocations.append({"region": deployment.region, "function": name, "payload": payload})
    clock.start(_judge(deployment, event, execution, configuration))
    yield from _wait_until(deployment, lambda: deployment.verdicts[execution] is not None, *MINUTES["hook"])
    if deployment.verdicts[execution] == "Failed":
        raise Ended("HOOK_EXECUTION_FAILURE", "The deployment failed because one or more of the lifecycle event validation functions failed.")


def _judge(deployment: Deployment, event: str, execution: str, function: object) -> clock.Process:
    """Stands in for the hook (codedeploy/hooks), with the verdict that a test has told."""
    told = control.hook(event)
    yield told["after"]
    if told["verdict"] == "Silent":
        return
    line = {"verdict": told["verdict"], "deployment": deployment.id, "hook": event, "reasons": told["reasons"], "checks": []}
    group = lambda_.log_group(deployment.region, function.function_name)
    logs.write(deployment.region, group, f"[$LATEST]{execution.replace('-', '')}", [json.dumps(line)])
    deployment.verdicts[execution] = deployment.verdicts[execution] or told["verdict"]


def _wait(deployment: Deployment, minutes: float = 0) -> clock.Process:
    """One tick at least. How long a minute is can be told meanwhile."""
    begun = clock.now()
    while True:
        _look(deployment)
        left = begun + max(TICK, minutes * control.told["minute"]) - clock.now()
        if left <= 0:
            return
        yield min(TICK, left)


def _wait_until(deployment: Deployment, done: Callable[[], bool], minutes: float, code: str, message: str) -> clock.Process:
    begun = clock.now()
    while True:
        _look(deployment)
        if done():
            return
        if clock.now() >= begun + minutes * control.told["minute"]:
            raise Ended(code, message)
        yield TICK


def _look(deployment: Deployment) -> None:
    """Whether somebody or something wants the deployment to end."""
    if deployment.stop_asked:
        raise Ended("MANUAL_STOP", "The deployment was stopped on request.", "Stopped", "DEPLOYMENT_STOP_ON_REQUEST")
    alarms = deployment.overridden_alarms or deployment.alarms
    if not alarms.get("enabled"):
        return
    known = cloudwatch_backends[ACCOUNT][deployment.region].alarms
    names = [alarm["name"] for alarm in alarms.get("alarms", [])]
    missing = [name for name in names if name not in known]
    if missing and not alarms.get("ignorePollAlarmFailure"):
        raise Ended("ALARM_ACTIVE", f"the emulator: there are no alarms {', '.join(missing)}", "Stopped", "DEPLOYMENT_STOP_ON_ALARM")
    active = [f"<{name}>" for name in names if name in known and known[name].state_value == "ALARM"]
    if active:
        message = (
            "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped."
        )
        raise Ended("ALARM_ACTIVE", f"{message} Activated alarms: {' '.join(active)}", "Stopped", "DEPLOYMENT_STOP_ON_ALARM")


def _fail(deployment: Deployment, error: Ended) -> None:
    deployment.end(error.status, error)
    rolls_back = deployment.rollback_events.get("enabled") and error.cause in deployment.rollback_events.get("events", [])
    if error.cause == "DEPLOYMENT_STOP_ON_REQUEST" and deployment.stop_rolls_back is not None:
        rolls_back = deployment.stop_rolls_back
    if not rolls_back:
        return
    back = Deployment(
        deployment.region,
        deployment.group,
        configurations.BUILT_IN["CodeDeployDefault.ECSAllAtOnce"],
        deployment.previous and deployment.previous.specification,
        creator="codeDeployRollback",
        events=("AllowTraffic",),
    )
    back.blue, back.green, back.previous = deployment.green, deployment.blue, deployment.previous
    back.rolls_back, deployment.rollback = deployment, back
    clock.start(_roll_back(back))


def _roll_back(back: Deployment) -> clock.Process:
    """No task is started: the old ones are still there."""
    old, candidate, traffic = back.green, back.blue, back.traffic
    back.started = clock.now()
    if candidate:
        for listener in (traffic.production, traffic.test):
            traffic.send(listener, old.target_group, 100)
        old.status, candidate.status = "PRIMARY", "ACTIVE"
    yield TICK * 2
    back.status = "InProgress"
    with back.event("AllowTraffic"):
        begun = clock.now()
        yield TICK * 2
        while clock.now() < begun + control.told["rollback"] * control.told["minute"]:
            yield TICK
        if candidate:
            candidate.drain()
    back.end("Succeeded")
