"""Something to deploy to: by commands as a person or the pipeline would, and by boto3 to see what became of it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from support.emulated import REGION, Emulator
from support.terraform import REPOSITORY

CODEDEPLOY = REPOSITORY / "codedeploy"
OVER = ("Succeeded", "Failed", "Stopped")


def digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def commit(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


def wait_for(what: str, found: Callable[[], Any], seconds: float = 60) -> Any:
    until = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < until, f"{what} did not come in {seconds} s"
        time.sleep(0.03)
    return value


class Ran:
    def __init__(self, code: int, text: str, summary: str) -> None:
        self.code, self.text, self.summary = code, text, summary

    def says(self, *parts: str) -> Ran:
        for part in parts:
            assert part in self.text, f"{part!r} is not said:\n{self.text}"
        return self


class Ground:
    def __init__(
        self,
        emulator: Emulator,
        folder: pathlib.Path,
        values: dict[str, Any],
        rollout: dict[str, Any],
        which: list[str],
        *,
        registry: str,
        codedeploy: pathlib.Path = CODEDEPLOY,
    ) -> None:
        """`which`: the options by which a command knows which environment is meant. `registry`: where images are, without tag or digest."""
        self.emulator, self.folder, self.values, self.rollout, self.which = emulator, folder, values, rollout, which
        self.registry, self.codedeploy = registry, codedeploy
        self.elb, self.ecs, self.deploy, self.logs = (emulator.client(service) for service in ("elbv2", "ecs", "codedeploy", "logs"))
        # Where commands find the AWS CLI.
        self.path = os.environ["PATH"]
        self.group = {"applicationName": rollout["application"], "deploymentGroupName": rollout["group"]}

    # Commands

    def environment(self) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "GITHUB_"))}
        environment |= {
            "AWS_ENDPOINT_URL": self.emulator.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "NO_PROXY": "127.0.0.1",
        }
        return environment | {"PATH": self.path, "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md")}

    def start(self, command: str, *arguments: str) -> subprocess.Popen[str]:
        (self.folder / "summary.md").unlink(missing_ok=True)
        line = [sys.executable, str(self.codedeploy / command), *self.which, *arguments]
        return subprocess.Popen(line, env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def finish(self, process: subprocess.Popen[str], code: int) -> Ran:
        text, _ = process.communicate(timeout=300)
        summary = self.folder / "summary.md"
        ran = Ran(process.returncode, text, summary.read_text() if summary.exists() else "")
        assert ran.code == code, f"ended with {ran.code}, and not {code}:\n{text}"
        return ran

    def begun(self, process: subprocess.Popen[str]) -> str:
        """The deployment that a command has created."""
        wait_for("a deployment", lambda: self.under_way() or process.poll() is not None, 240)
        if process.poll() is not None:
            raise AssertionError(f"there is no deployment:\n{process.communicate()[0]}")
        return self.under_way()

    def run(self, command: str, *arguments: str, code: int = 0) -> Ran:
        return self.finish(self.start(command, *arguments), code)

    def image(self, text: str) -> str:
        return f"{self.registry}@{digest(text)}"

    def release(self, version: str, *arguments: str) -> list[str]:
        return ["deploy", f"image={self.image(version)}", f"commit={commit(version)}", f"deployment=run-{version}", "--poll", "0.3", *arguments]

    def registered(self, *arguments: str) -> str:
        """What the pipeline's script says of images in the registry."""
        script = [str(REPOSITORY / ".github/scripts/image"), *arguments]
        done = subprocess.run(script, env=self.environment() | {"IMAGE_REPOSITORY": self.registry}, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def bring(self, version: str) -> str:
        """The same without a command: a version that users have, for a scenario to begin with."""
        self.hurry()
        definition = self.register(self.image(version), commit=commit(version), deployment=f"run-{version}")
        # As `deploy` describes it, by which `rollback` knows quicker what it was.
        description = f"deploy {definition.rpartition('/')[2]} run-{version} #0"
        deployment = self.create(definition, description=description, overrideAlarmConfiguration={"enabled": False})
        assert self.ended(deployment)["status"] == "Succeeded"
        self.hold()
        return deployment

    def with_values(self, **changed: Any) -> list[str]:
        """Options by which a command has other values than Terraform wrote. None: it did not write that one."""
        values = {name: value for name, value in {**self.values, **changed}.items() if name not in changed or value is not None}
        files = {"values": values, "rollout": self.rollout}
        for name, content in files.items():
            (self.folder / f"other-{name}.json").write_text(json.dumps(content))
        return [argument for name in files for argument in (f"--{name}", str(self.folder / f"other-{name}.json"))]

    # What can happen

    def hold(self) -> None:
        """Whatever takes minutes waits until `hurry`."""
        self.emulator.tell(minute=3_600)

    def hurry(self) -> None:
        """A canary of ten minutes is over in half a second."""
        self.emulator.tell(minute=0.05)

    def alarm(self, name: str, state: str = "ALARM") -> None:
        self.emulator.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test says so")

    # What is there

    @property
    def idle(self) -> str:
        (slot,) = [slot for slot, weight in self.weights().items() if weight == 0]
        return slot

    @property
    def live(self) -> str:
        (slot,) = [slot for slot, weight in self.weights().items() if weight == 100]
        return slot

    def gate(self) -> list[str]:
        return [*self.rollout["gate"][self.idle], *self.rollout["gate"]["shared"]]

    def weights(self, listener: str | None = None) -> dict[str, int]:
        (found,) = self.elb.describe_listeners(ListenerArns=[listener or self.rollout["listener"]])["Listeners"]
        weights = {group["TargetGroupArn"]: group["Weight"] for group in found["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]}
        return {slot: weights.get(arn, 0) for slot, arn in self.rollout["target_groups"].items()}

    def described(self) -> dict[str, Any]:
        (service,) = self.ecs.describe_services(cluster=self.rollout["cluster"], services=[self.rollout["service"]])["services"]
        return service

    def task_sets(self) -> dict[str, dict[str, Any]]:
        """By status, of which there is one each."""
        return {task_set["status"]: task_set for task_set in self.described()["taskSets"]}

    def definition(self) -> dict[str, Any]:
        """What users are with."""
        return self.ecs.describe_task_definition(taskDefinition=self.task_sets()["PRIMARY"]["taskDefinition"])["taskDefinition"]

    def container(self) -> dict[str, Any]:
        return next(container for container in self.definition()["containerDefinitions"] if container["name"] == "taproom")

    def variables(self) -> dict[str, str]:
        return {variable["name"]: variable["value"] for variable in self.container()["environment"]}

    def suspended(self) -> set[bool]:
        asked = {"ServiceNamespace": "ecs", "ResourceIds": [self.rollout["scaling"]]}
        (target,) = self.emulator.client("application-autoscaling").describe_scalable_targets(**asked)["ScalableTargets"]
        return set((target.get("SuspendedState") or {"none": False}).values())

    def deployments(self) -> list[str]:
        return self.deploy.list_deployments(**self.group)["deployments"]

    def under_way(self) -> str | None:
        found = self.deploy.list_deployments(**self.group, includeOnlyStatuses=["Created", "InProgress"])["deployments"]
        return found[0] if found else None

    def get(self, deployment: str) -> dict[str, Any]:
        return self.deploy.get_deployment(deploymentId=deployment)["deploymentInfo"]

    def ended(self, deployment: str) -> dict[str, Any]:
        """What became of it, once what takes it back is over as well."""
        info = wait_for(f"the end of {deployment}", lambda: (found := self.get(deployment))["status"] in OVER and found)
        if "rollbackDeploymentId" in info.get("rollbackInfo", {}):
            self.ended(info["rollbackInfo"]["rollbackDeploymentId"])
        return info

    def target(self, deployment: str) -> dict[str, Any]:
        target = f"{self.rollout['cluster']}:{self.rollout['service']}"
        return self.deploy.get_deployment_target(deploymentId=deployment, targetId=target)["deploymentTarget"]["ecsTarget"]

    def events(self, deployment: str) -> dict[str, str]:
        return {event["lifecycleEventName"]: event["status"] for event in self.target(deployment)["lifecycleEvents"]}

    def until(self, deployment: str, event: str) -> None:
        wait_for("the deployment's start", lambda: self.get(deployment)["status"] != "Created")
        wait_for(f"{event} of {deployment}", lambda: self.events(deployment)[event] == "InProgress")

    # By hand

    def render(self, template: str, **release: str) -> str:
        file = self.folder / "rendered.json"
        file.write_text(json.dumps(self.values))
        command = [
            sys.executable,
            str(self.codedeploy / "render"),
            str(self.codedeploy / template),
            str(file),
            *(f"{name}={value}" for name, value in release.items()),
        ]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def register(self, image: str, *, commit: str = "1" * 40, deployment: str = "run-1", slot: str | None = None) -> str:
        definition = self.render("taskdef.yaml", image=image, commit=commit, deployment=deployment, slot=slot or self.idle, breaking_changes="refused")
        return self.ecs.register_task_definition(**json.loads(definition))["taskDefinition"]["taskDefinitionArn"]

    def create(self, definition: str, **arguments: Any) -> str:
        revision = {"revisionType": "AppSpecContent", "appSpecContent": {"content": self.render("appspec.yaml", task_definition=definition)}}
        return self.deploy.create_deployment(**self.group, revision=revision, **arguments)["deploymentId"]


@contextlib.contextmanager
def nothing_changes(ground: Ground, *, deployments: int) -> Iterator[None]:
    """Users, their tasks and scaling are as they were; so many deployments were tried, and none goes on."""
    before, weights, tried = ground.task_sets()["PRIMARY"], ground.weights(), set(ground.deployments())
    yield
    after = ground.task_sets()
    assert (after["PRIMARY"]["id"], after["PRIMARY"]["runningCount"]) == (before["id"], before["runningCount"])
    assert "ACTIVE" not in after
    assert ground.weights() == weights
    assert ground.suspended() == {False}
    assert ground.under_way() is None
    made = [ground.get(deployment) for deployment in set(ground.deployments()) - tried]
    assert len([info for info in made if info["creator"] == "user"]) == deployments
