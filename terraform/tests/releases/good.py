"""Releases that reach the users."""

from __future__ import annotations

import json

from . import scenario
from .ground import Ground, commit, digest

EVENTS = ("BeforeInstall", "Install", "AfterInstall", "AllowTestTraffic", "AfterAllowTestTraffic", "BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic")


@scenario
def a_release(ground: Ground) -> None:
    idle, live, gate = ground.idle, ground.live, ground.gate()
    ground.emulator.tell(tasks={"log": ["applied 2 migrations"]})
    process = ground.start(*ground.release("good"))
    deployment = ground.begun(process)
    ground.until(deployment, "AllowTraffic")
    assert ground.suspended() == {True}
    assert ground.weights() == {live: 90, idle: 10}
    ground.hurry()
    ran = ground.finish(process, 0).says("applied 2 migrations", "the schema is migrated", deployment, *EVENTS)

    assert ground.suspended() == {False}
    assert ground.weights() == {live: 0, idle: 100}
    assert ground.container()["image"] == ground.image("good")
    assert ground.container()["dockerLabels"]["org.opencontainers.image.revision"] == commit("good")
    variables = ground.variables()
    assert (variables["TAPROOM_SLOT"], variables["TAPROOM_DEPLOYMENT"]) == (idle, "run-good")
    for part in (deployment, digest("good"), "AfterAllowTestTraffic", "console.aws.amazon.com"):
        assert part in ran.summary
    judged_by = ground.get(deployment)["overrideAlarmConfiguration"]
    assert judged_by["enabled"] and [alarm["name"] for alarm in judged_by["alarms"]] == gate
    _migrated_with_the_release(ground)
    _asked_for_the_key_and_the_hooks(ground, deployment)


def _migrated_with_the_release(ground: Ground) -> None:
    cluster, definition = ground.rollout["cluster"], ground.task_sets()["PRIMARY"]["taskDefinition"]
    arns = ground.ecs.list_tasks(cluster=cluster, startedBy="taproom/migrate", desiredStatus="STOPPED")["taskArns"]
    tasks = [task for task in ground.ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if task["taskDefinitionArn"] == definition]
    (overrides,) = [task["overrides"] for task in tasks]
    assert overrides["taskRoleArn"] == ground.values["migration_role_arn"]
    assert overrides["containerOverrides"][0]["command"] == ["migrate", "up"]


def _asked_for_the_key_and_the_hooks(ground: Ground, deployment: str) -> None:
    calls = [(call["function"], json.loads(call["payload"])) for call in ground.emulator.invocations()]
    key = {"introspection_key": {"secret": ground.rollout["introspection"]["secret"]}}
    assert (ground.rollout["introspection"]["function"], key) in calls
    judges = [function for function, payload in calls if payload.get("DeploymentId") == deployment]
    assert judges == [ground.rollout["hooks"][event]["function"] for event in ("AfterAllowTestTraffic", "AfterAllowTraffic")]


@scenario
def an_image_of_the_registry(ground: Ground) -> None:
    """By the digest that the pipeline finds. Who built it is verified with Sigstore, which is not here: .github/tests/test_image.py."""
    manifest = json.dumps(
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": {"digest": digest("configuration")}, "layers": []}
    )
    # moto makes up a digest where none is given.
    ground.emulator.client("ecr").put_image(repositoryName=ground.registry.partition("/")[2], imageManifest=manifest, imageDigest=digest(manifest))
    assert ground.registered("find", commit("pushed")) == ""
    ground.registered("tag", digest(manifest), "run-1-1", commit("pushed"))
    image = f"{ground.registry}@{ground.registered('find', commit('pushed'))}"
    ground.hurry()
    ground.run("deploy", f"image={image}", f"commit={commit('pushed')}", "deployment=run-1-1", "--without-migration", "--poll", "0.3")
    assert ground.container()["image"] == image and image.endswith(digest(manifest))
    ground.run("verify", f"image={image}")


@scenario
def a_commit_older_than_what_terraform_wrote(ground: Ground) -> None:
    ground.hurry()
    ground.run(*ground.release("older"), *ground.with_values(of_tomorrow="x"))
    assert ground.container()["image"] == ground.image("older")


@scenario
def the_listener_may_say_it_without_weights(ground: Ground) -> None:
    live = ground.live
    actions = [{"Type": "forward", "TargetGroupArn": ground.rollout["target_groups"][live]}]
    ground.elb.modify_listener(ListenerArn=ground.rollout["listener"], DefaultActions=actions)
    ground.run("slot").says(f"live={live}")
    ground.hurry()
    ground.run(*ground.release("other", "--without-migration", "--strategy", "all-at-once"))
    assert ground.container()["image"] == ground.image("other") and ground.idle == live


@scenario
def looking(ground: Ground) -> None:
    ground.run("slot").says(f"idle={ground.idle}", f"live={ground.live}")
    ground.run("scaling", "suspend")
    assert ground.suspended() == {True}
    ground.run("scaling", "resume")
    assert ground.suspended() == {False}
    ground.run("follow").says("no deployment is under way")
    ground.run("verify", f"image={ground.container()['image']}")
    ground.run("verify", f"image={ground.image('never built')}", code=4).says(digest("never built"))


@scenario
def what_is_suspended_stays_so(ground: Ground) -> None:
    ground.run("scaling", "suspend")
    ground.hurry()
    ground.run(*ground.release("suspended", "--without-migration")).says("scaling is suspended already")
    assert ground.suspended() == {True}
    ground.run("scaling", "resume")
