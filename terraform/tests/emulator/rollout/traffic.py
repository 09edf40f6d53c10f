"""The two listeners that CodeDeploy turns from one target group to the other."""

from __future__ import annotations

from typing import Any

from moto.elbv2.models import FakeAction, elbv2_backends

from ..calls import ACCOUNT, Answer


class Traffic:
    def __init__(self, region: str, group: Answer) -> None:
        (pair,) = group["loadBalancerInfo"]["targetGroupPairInfoList"]
        self.backend = elbv2_backends[ACCOUNT][region]
        (self.production,) = pair["prodTrafficRoute"]["listenerArns"]
        self.test = next(iter(pair.get("testTrafficRoute", {}).get("listenerArns", [])), None)
        self.groups = [self._named(target["name"]) for target in pair["targetGroups"]]

    def other(self, target_group: str) -> str:
        (other,) = set(self.groups) - {target_group}
        return other

    def weights(self, listener: str) -> dict[str, int]:
        """By target group, in percent; whichever way the listener says it."""
        (action,) = self._listener(listener).default_actions
        if "ForwardConfig" not in action.data:
            return {action.data["TargetGroupArn"]: 100}
        groups = action.data["ForwardConfig"]["TargetGroups"]
        total = sum(int(group["Weight"]) for group in groups) or 1
        return {group["TargetGroupArn"]: int(group["Weight"]) * 100 // total for group in groups}

    def send(self, listener: str | None, target_group: str, percent: int) -> None:
        """So much to this one, and the rest to the other one. Always as weights, as CodeDeploy does."""
        if listener is None:
            return
        shares = {target_group: percent, self.other(target_group): 100 - percent}
        groups = [{"TargetGroupArn": arn, "Weight": shares[arn]} for arn in self.groups]
        action = FakeAction({"Type": "forward", "ForwardConfig": {"TargetGroups": groups}})
        found = self._listener(listener)
        found.default_actions = [action]
        found._default_rule[0].actions = [action]

    def name(self, target_group: str) -> str:
        return self.backend.target_groups[target_group].name

    def balanced(self, target_group: str) -> bool:
        """Whether a listener or a rule has it, without which ECS cannot register tasks."""
        return bool(self.backend.target_groups[target_group].load_balancer_arns) or target_group in self.weights(self.production)

    def _named(self, name: str) -> str:
        (found,) = [group.arn for group in self.backend.target_groups.values() if group.name == name]
        return found

    def _listener(self, arn: str) -> Any:
        (found,) = self.backend.describe_listeners(None, [arn])
        return found
