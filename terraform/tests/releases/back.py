"""Back to the version before."""

from __future__ import annotations

from typing import Any

from . import scenario
from .ground import Ground, commit, nothing_changes, wait_for


@scenario
def back_while_all_alarms_fire(ground: Ground) -> None:
    ground.bring("well")
    ground.bring("ill")
    idle, alarms = ground.idle, ground.rollout["gate"]["default"]
    for alarm in alarms:
        ground.alarm(alarm)
    migrations = _migrations(ground)
    ground.hurry()
    ran = ground.run("rollback", "--poll", "0.3").says("deployment", "users are with")
    for alarm in alarms:
        ground.alarm(alarm, "OK")
    assert (ground.container()["image"], ground.live) == (ground.image("well"), idle)
    labels = ground.container()["dockerLabels"]
    assert (labels["org.opencontainers.image.revision"], labels["taproom.breaking-changes"]) == (commit("well"), "accepted")
    assert ground.variables()["TAPROOM_SLOT"] == idle
    (latest, *_) = ground.deployments()
    assert ground.get(latest)["deploymentConfigName"] == "CodeDeployDefault.ECSAllAtOnce"
    assert _migrations(ground) == migrations and ground.suspended() == {False}
    assert latest in ran.summary


def _migrations(ground: Ground) -> int:
    return len(ground.ecs.list_tasks(cluster=ground.rollout["cluster"], startedBy="taproom/migrate", desiredStatus="STOPPED")["taskArns"])


@scenario
def back_to_a_named_version(ground: Ground) -> None:
    for version in ("older", "old", "new"):
        ground.bring(version)
    ground.hurry()
    ground.run("rollback", f"to={commit('older')[:12]}", "--poll", "0.3")
    assert ground.container()["image"] == ground.image("older")
    # What was taken back is not the version before.
    ground.bring("newer")
    ground.hurry()
    ground.run("rollback", "--poll", "0.3")
    assert ground.container()["image"] == ground.image("older")


@scenario
def back_whatever_terraform_wrote_since(ground: Ground) -> None:
    """The templates know what Terraform has not written yet, the values what the templates do not know, or others than at the time."""
    ground.bring("then")
    ran = ground.definition()
    ground.bring("now")
    ground.hurry()
    between = ground.with_values(memory="1024", log="debug", of_tomorrow="x", cpu=None, hook_after_allow_traffic=None)
    ground.run("rollback", "--poll", "0.3", *between).says("Terraform has not written hook_after_allow_traffic yet", "taking the AppSpec of")
    assert ground.variables()["TAPROOM_DEPLOYMENT"].startswith("rollback-")
    assert _but_for_the_deployments(ground.definition()) == _but_for_the_deployments(ran)
    (latest, *_) = ground.deployments()
    assert ground.events(latest)["AfterAllowTraffic"] == "Succeeded"


def _but_for_the_deployments(definition: dict[str, Any]) -> dict[str, Any]:
    """What is the same whoever registers a version, and when."""
    containers = {container["name"]: dict(container) for container in definition["containerDefinitions"]}
    variables = {
        variable["name"]: variable["value"]
        for variable in containers["taproom"]["environment"]
        if variable["name"] not in ("TAPROOM_SLOT", "TAPROOM_DEPLOYMENT")
    }
    labels = {name: value for name, value in containers["taproom"]["dockerLabels"].items() if name != "taproom.breaking-changes"}
    containers["taproom"] |= {"environment": variables, "dockerLabels": labels}
    told = {name: value for name, value in definition.items() if name not in ("taskDefinitionArn", "revision", "registeredAt")}
    return told | {"containerDefinitions": containers}


@scenario
def taking_back_what_is_under_way(ground: Ground) -> None:
    with nothing_changes(ground, deployments=1):
        release = ground.start(*ground.release("regretted", "--without-migration"))
        deployment = ground.begun(release)
        ground.until(deployment, "AllowTraffic")
        ground.run("rollback", "--poll", "0.3").says(deployment, "is taken back")
        ground.finish(release, 1).says("MANUAL_STOP")


@scenario
def taking_back_while_the_old_tasks_are_kept(ground: Ground) -> None:
    """All users are with the new version already, and CodeDeploy still keeps the old one."""
    with nothing_changes(ground, deployments=1):
        all_at_once = {"deploymentConfigName": "CodeDeployDefault.ECSAllAtOnce", "overrideAlarmConfiguration": {"enabled": False}}
        deployment = ground.create(ground.register(ground.image("late")), **all_at_once)
        wait_for("the wait for termination", lambda: ground.get(deployment)["instanceTerminationWaitTimeStarted"])
        ground.run("rollback", "--poll", "0.3").says("is taken back")


@scenario
def taking_back_what_codedeploy_takes_back(ground: Ground) -> None:
    # Without a deployment before it, CodeDeploy's rollback would have no revision.
    ground.bring("before")
    with nothing_changes(ground, deployments=1):
        ground.emulator.tell(rollback=1)
        failing = ground.create(ground.register(ground.image("failing")), overrideAlarmConfiguration={"enabled": False})
        ground.until(failing, "AllowTraffic")
        ground.deploy.stop_deployment(deploymentId=failing, autoRollbackEnabled=True)
        back = wait_for("CodeDeploy's rollback", lambda: ground.get(failing).get("rollbackInfo", {}).get("rollbackDeploymentId"))
        rollback = ground.start("rollback", "--poll", "0.3")
        wait_for("the command", lambda: ground.suspended() == {True} or rollback.poll() is not None)
        ground.hurry()
        ground.finish(rollback, 0).says(f"{back} is CodeDeploy's own rollback already", f"{back} is taken back")


@scenario
def a_hook_that_fails_the_version_before(ground: Ground) -> None:
    ground.bring("before")
    ground.bring("present")
    ground.emulator.tell(hooks={"AfterAllowTestTraffic": {"verdict": "Failed", "reasons": ["telemetry: nothing came"]}})
    with nothing_changes(ground, deployments=1):
        ground.run("rollback", "--poll", "0.3", code=1).says("telemetry: nothing came")
    ground.hurry()
    ground.run("rollback", "--without-hooks", "--poll", "0.3")
    assert ground.container()["image"] == ground.image("before")
