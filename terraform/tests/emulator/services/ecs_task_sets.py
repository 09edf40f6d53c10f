"""Task sets of services that CodeDeploy deploys: moto has those of others alone."""

from __future__ import annotations

from .. import task_sets
from ..calls import Answer, Call, Refused, amends, answers
from ..task_sets import TaskSet

# What a task set tells that the service was told.
SETTINGS = ("launchType", "capacityProviderStrategy", "platformVersion", "networkConfiguration")


@amends("ecs", "CreateService")
def create(call: Call, answer: Answer) -> None:
    service = _service(call, answer["service"])
    if service is None:
        return
    first = TaskSet(
        service, service.task_definition, answer["service"]["loadBalancers"][0], {name: call.params[name] for name in SETTINGS if name in call.params}
    )
    first.status = "PRIMARY"
    first.reconcile()
    _tell(answer["service"])


@amends("ecs", "UpdateService")
def update(call: Call, answer: Answer) -> None:
    """ECS refuses another task definition or load balancer. The estate's tests use them to leave behind what a deployment does, and so the task set changes."""
    service = _service(call, answer["service"])
    if service is None:
        return
    current = task_sets.primary(service.arn)
    if "taskDefinition" in call.params:
        current.definition = service.task_definition
    if call.params.get("loadBalancers"):
        current.balancer = call.params["loadBalancers"][0]
    for task_set in task_sets.of(service.arn):
        task_set.reconcile()
    _tell(answer["service"])


@amends("ecs", "DescribeServices")
def describe(call: Call, answer: Answer) -> None:
    for service in answer["services"]:
        _tell(service)


@amends("ecs", "DeleteService")
def delete(call: Call, answer: Answer) -> None:
    for task_set in task_sets.of(answer["service"]["serviceArn"]):
        task_set.drain()
    task_sets.forget(answer["service"]["serviceArn"])


@answers("ecs", "DescribeTaskSets")
def describe_task_sets(call: Call) -> Answer:
    service = task_sets.find_service(call.region, call.params["cluster"], call.params["service"])
    if service is None:
        raise Refused("ServiceNotFoundException", "Service not found.")
    described = [task_set.describe() for task_set in task_sets.of(service.arn)]
    wanted = call.params.get("taskSets")
    return {"taskSets": [one for one in described if not wanted or one["id"] in wanted or one["taskSetArn"] in wanted], "failures": []}


def _service(call: Call, service: Answer) -> task_sets.Service | None:
    if service.get("deploymentController", {}).get("type") != "CODE_DEPLOY":
        return None
    return task_sets.find_service(call.region, service["clusterArn"], service["serviceName"])


def _tell(service: Answer) -> None:
    """Its taskDefinition stays the one that it was made with: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html has the deployed ones."""
    sets = task_sets.of(service["serviceArn"])
    if sets:
        service["taskSets"] = [task_set.describe() for task_set in sets]
        service["runningCount"] = sum(task_set.count("RUNNING") for task_set in sets)
        service["pendingCount"] = sum(task_set.count("PROVISIONING", "PENDING") for task_set in sets)
