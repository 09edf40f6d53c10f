"""One environment and what it needs, from an empty account on."""

from __future__ import annotations

import base64
import concurrent.futures
import hashlib
import io
import json
import pathlib
import re
import zipfile
from collections.abc import Callable
from typing import Any

import yaml
from releases.ground import Ground

from . import inventory, report
from .emulated import ACCOUNT, Emulator
from .terraform import Plan, Root, Tree


def digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


class Estate:
    def __init__(self, environment: str, folder: pathlib.Path, *, fork: bool) -> None:
        self.environment = environment
        self.tree = Tree(folder / "tree")
        if fork:
            self._fork()
        self.project = self._settings()["project"]
        self.name = f"{self.project}-{environment}"
        self.emulator = Emulator(folder / "emulator.log")
        self.bootstrap = self.tree.root("bootstrap", self.emulator.url)
        self.account = self.tree.root("account", self.emulator.url)
        self.root = self.tree.root(f"environments/{environment}", self.emulator.url)
        # So that the account can be given back whole at the end.
        self.bootstrap.variables("test", {"force_destroy": True})
        self.account.variables("test", {"force_destroy": True, "cost_tags": True})
        self.before = inventory.take(self.emulator)
        self.release = {
            "image": digest("the first image"),
            "commit": "1" * 40,
            "collector_image": f"public.ecr.aws/aws-observability/aws-otel-collector@{digest('the collector')}",
        }

    def _fork(self) -> None:
        """Another project's name in another repository, and what can be set and is not."""
        self._change(lambda settings: settings.update(project="brewery"))
        self.set(lambda settings: settings["network"].update(interface_endpoints=["ecr.dkr"]))
        slack = '{ workspace = "T0123456789", channel = "C0123456789" }'
        variables = {f'"{self.repository}"': '"example/brewery"', "slack = null": f"slack = {slack}"}
        self.tree.rewrite("terraform/terraform.tfvars", variables)

    @property
    def variables(self) -> str:
        return (self.tree.folder / "terraform/terraform.tfvars").read_text()

    @property
    def repository(self) -> str:
        """At GitHub."""
        (found,) = re.findall(r'^github_repository\s*=\s*"(.*)"$', self.variables, re.M)
        return found

    def phase(self, what: str):
        return report.phase(self.environment, what)

    def apply_account(self) -> None:
        with self.phase("bootstrap and account: init, plan, apply"):
            self._both(lambda root: (root.init(), root.apply(root.plan())))
        report.note(f"{self.environment:<12} {len(self.bootstrap.resources()):6d}    resources of bootstrap, {len(self.account.resources())} of account")
        for function in ("hooks", "database_roles"):
            self.release[function] = self._publish(function)
        self.root.variables("release", {"release": self.release})

    def plan(self, what: str) -> Plan:
        with self.phase(f"environment: {what}"):
            return self.root.plan()

    def apply(self, plan: Plan, what: str) -> None:
        with self.phase(f"environment: {what}"):
            self.root.apply(plan)

    def destroy(self) -> None:
        with self.phase("environment: destroy"):
            self.root.destroy()
        with self.phase("account and bootstrap: destroy"):
            self._both(Root.destroy)

    def set(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Changes the environment's part of settings.yaml."""
        self._change(lambda settings: change(settings["environments"][self.environment]))

    def settings(self) -> dict[str, Any]:
        return self._settings()["environments"][self.environment]

    def _settings(self) -> dict[str, Any]:
        return yaml.safe_load((self.tree.folder / "terraform/settings.yaml").read_text())

    def _change(self, change: Callable[[dict[str, Any]], None]) -> None:
        settings = self._settings()
        change(settings)
        (self.tree.folder / "terraform/settings.yaml").write_text(yaml.safe_dump(settings))

    def target_group(self, slot: str) -> str:
        (group,) = self.emulator.client("elbv2").describe_target_groups(Names=[f"{self.name}-{slot}"])["TargetGroups"]
        return group["TargetGroupArn"]

    def definition(self) -> dict[str, Any]:
        """The service's task definition."""
        client = self.emulator.client("ecs")
        (service,) = client.describe_services(cluster=self.name, services=[self.name])["services"]
        return client.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]

    def ground(self) -> Ground:
        """What a release finds, in the two objects that Terraform wrote for it."""
        values, rollout = (self.written(name) for name in ("values", "rollout"))
        (repository,) = self.emulator.client("ecr").describe_repositories()["repositories"]
        # The tree's own commands, for they read the project's name beside them.
        return Ground(
            self.emulator,
            self.tree.folder,
            values,
            rollout,
            ["--environment", self.environment],
            registry=repository["repositoryUri"],
            codedeploy=self.tree.folder / "codedeploy",
        )

    def written(self, name: str) -> dict[str, Any]:
        """`values` or `rollout`, as Terraform wrote it for releases."""
        return self._object(self.root.output()["stack"]["deployment"][name])

    def _object(self, address: str) -> dict[str, Any]:
        bucket, key = address.removeprefix("s3://").split("/", 1)
        return json.load(self.emulator.client("s3").get_object(Bucket=bucket, Key=key)["Body"])

    def swap(self) -> None:
        """Leaves behind what a deployment by CodeDeploy does. ECS would refuse some of it; the emulator takes it."""
        client = self.emulator.client("ecs")
        old = self.definition()
        given = (
            "family",
            "taskRoleArn",
            "executionRoleArn",
            "networkMode",
            "containerDefinitions",
            "requiresCompatibilities",
            "cpu",
            "memory",
            "runtimePlatform",
        )
        new = client.register_task_definition(**{name: old[name] for name in given if name in old})["taskDefinition"]["taskDefinitionArn"]
        client.update_service(
            cluster=self.name,
            service=self.name,
            taskDefinition=new,
            desiredCount=3,
            platformVersion="LATEST",
            capacityProviderStrategy=[],
            loadBalancers=[{"targetGroupArn": self.target_group("green"), "containerName": "taproom", "containerPort": 8080}],
        )
        weights = [
            {"TargetGroupArn": self.target_group("blue"), "Weight": 0},
            {"TargetGroupArn": self.target_group("green"), "Weight": 100},
        ]
        elb = self.emulator.client("elbv2")
        (balancer,) = elb.describe_load_balancers(Names=[self.name])["LoadBalancers"]
        for listener in elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]:
            if listener["Protocol"] == "HTTPS":
                elb.modify_listener(
                    ListenerArn=listener["ListenerArn"],
                    DefaultActions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}],
                )

    def _both(self, work: Callable[[Root], Any]) -> None:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            for done in [pool.submit(work, root) for root in (self.bootstrap, self.account)]:
                done.result()

    def _publish(self, function: str) -> str:
        """A package where `terraform/publish` puts it; nothing in it is ever run."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as package:
            package.writestr("bootstrap", function)
        hash = base64.b64encode(hashlib.sha256(packed.getvalue()).digest()).decode()
        key = re.sub("[+/]", lambda found: "-" if found.group() == "+" else "_", hash.removesuffix("="))
        self.emulator.client("s3").put_object(Bucket=f"{self.project}-packages-{ACCOUNT}", Key=f"functions/{function}/{key}.zip", Body=packed.getvalue())
        return hash
