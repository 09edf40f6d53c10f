"""ECS: moto forgets some of what a service is told, and lists clusters that were deleted."""

from __future__ import annotations

from moto.ecs.models import ecs_backends

from ..calls import ACCOUNT, Answer, Call, amends

KEPT = ("healthCheckGracePeriodSeconds", "enableECSManagedTags", "enableExecuteCommand", "availabilityZoneRebalancing")
# What AWS says unless it was told otherwise, https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
DEFAULTS = {
    "healthCheckGracePeriodSeconds": 0,
    "enableECSManagedTags": False,
    "enableExecuteCommand": False,
    "availabilityZoneRebalancing": "DISABLED",
}


@amends("ecs", "CreateService", "UpdateService")
def remember(call: Call, answer: Answer) -> None:
    kept = call.store("services").setdefault(answer["service"]["serviceArn"], dict(DEFAULTS))
    kept.update({name: call.params[name] for name in KEPT if name in call.params})
    answer["service"].update(kept)


@amends("ecs", "DescribeServices")
def recall(call: Call, answer: Answer) -> None:
    for service in answer["services"]:
        service.update(call.store("services").get(service["serviceArn"], {}))


@amends("ecs", "DeleteService")
def forget(call: Call, answer: Answer) -> None:
    call.store("services").pop(answer["service"]["serviceArn"], None)


@amends("ecs", "ListClusters")
def only_active(call: Call, answer: Answer) -> None:
    clusters = ecs_backends[ACCOUNT][call.region].clusters.values()
    answer["clusterArns"] = [cluster.arn for cluster in clusters if cluster.status == "ACTIVE"]
