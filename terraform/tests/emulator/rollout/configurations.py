"""How a deployment's traffic is shifted: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html"""

from __future__ import annotations

from ..calls import Answer


def _canary(percent: int, minutes: int) -> Answer:
    return {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": percent, "canaryInterval": minutes}}


def _linear(percent: int, minutes: int) -> Answer:
    return {"type": "TimeBasedLinear", "timeBasedLinear": {"linearPercentage": percent, "linearInterval": minutes}}


# CodeDeploy's own for ECS.
BUILT_IN: dict[str, Answer] = {
    f"CodeDeployDefault.{name}": {"deploymentConfigName": f"CodeDeployDefault.{name}", "computePlatform": "ECS", "trafficRoutingConfig": routing}
    for name, routing in {
        "ECSAllAtOnce": {"type": "AllAtOnce"},
        "ECSCanary10Percent5Minutes": _canary(10, 5),
        "ECSCanary10Percent15Minutes": _canary(10, 15),
        "ECSLinear10PercentEvery1Minutes": _linear(10, 1),
        "ECSLinear10PercentEvery3Minutes": _linear(10, 3),
    }.items()
}


def steps(configuration: Answer) -> list[tuple[int, int]]:
    """What share goes to the candidate, and for how many minutes, before it gets all."""
    routing = configuration["trafficRoutingConfig"]
    if canary := routing.get("timeBasedCanary"):
        return [(canary["canaryPercentage"], canary["canaryInterval"])]
    if linear := routing.get("timeBasedLinear"):
        return [(percent, linear["linearInterval"]) for percent in range(linear["linearPercentage"], 100, linear["linearPercentage"])]
    return []
