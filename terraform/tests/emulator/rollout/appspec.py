"""The AppSpec of a deployment: https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import yaml

from ..calls import Answer, Refused

# In the order in which CodeDeploy goes through them; the others than these cannot be hooked.
EVENTS = ("BeforeInstall", "Install", "AfterInstall", "AllowTestTraffic", "AfterAllowTestTraffic", "BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic")
HOOKED = {"BeforeInstall", "AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic", "AfterAllowTraffic"}


@dataclass(frozen=True)
class AppSpec:
    content: str
    definition: str
    container: str
    port: int
    # What a task set tells, by the names of ECS.
    settings: dict[str, Any]
    # Function by event.
    hooks: dict[str, str]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content.encode()).hexdigest()


def read(revision: Answer) -> AppSpec:
    content = (revision.get("appSpecContent") or revision.get("string") or {}).get("content")
    if not content:
        raise Refused("InvalidRevisionException", "the emulator takes an AppSpec as a text, and nothing else")
    try:
        return _parse(content)
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refused("InvalidRevisionException", f"the AppSpec cannot be read: {error!r}") from error


def _parse(content: str) -> AppSpec:
    specification = yaml.safe_load(content)
    (resource,) = specification["Resources"]
    ((_, service),) = resource.items()
    if service["Type"] != "AWS::ECS::Service":
        raise ValueError(f"{service['Type']} is nothing of ECS")
    properties = service["Properties"]
    balancer = properties["LoadBalancerInfo"]
    hooks = {event: function for entry in specification.get("Hooks", []) for event, function in entry.items()}
    if not hooks.keys() <= HOOKED:
        raise ValueError(f"there are no hooks {', '.join(hooks.keys() - HOOKED)}")
    names = ("PlatformVersion", "CapacityProviderStrategy", "NetworkConfiguration")
    settings = {_lower(name): _lower_all(properties[name]) for name in names if name in properties}
    return AppSpec(content, properties["TaskDefinition"], balancer["ContainerName"], int(balancer["ContainerPort"]), settings, hooks)


def _lower_all(value: Any) -> Any:
    if isinstance(value, dict):
        return {_lower(name): _lower_all(item) for name, item in value.items()}
    return [_lower_all(item) for item in value] if isinstance(value, list) else value


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]
