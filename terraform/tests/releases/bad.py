"""Releases that do not reach the users, and leave nothing half done."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator

from . import scenario
from .ground import Ground, nothing_changes


@scenario
def a_hook_that_fails(ground: Ground) -> None:
    ground.emulator.tell(hooks={"AfterAllowTestTraffic": {"verdict": "Failed", "reasons": ["schema: breaks clients: Beer.name is gone"]}})
    with nothing_changes(ground, deployments=1):
        ran = ground.run(*ground.release("unfit", "--without-migration"), code=1)
    ran.says("HOOK_EXECUTION_FAILURE", "schema: breaks clients: Beer.name is gone", "AfterAllowTestTraffic: Failed")
    assert "Beer.name is gone" in ran.summary


@scenario
def an_alarm_during_the_canary(ground: Ground) -> None:
    alarm = ground.rollout["gate"][ground.idle][0]
    with nothing_changes(ground, deployments=1):
        process = ground.start(*ground.release("sick", "--without-migration"))
        ground.until(ground.begun(process), "AllowTraffic")
        ground.alarm(alarm)
        ran = ground.finish(process, 1)
        ground.alarm(alarm, "OK")
    ran.says("ALARM_ACTIVE", alarm, "AllowTraffic: Failed")


@scenario
def an_alarm_before_anything_is_done(ground: Ground) -> None:
    alarm = ground.rollout["gate"]["shared"][0]
    ground.alarm(alarm)
    with nothing_changes(ground, deployments=0), nothing_registered(ground):
        ground.run(*ground.release("early"), code=3).says(alarm, "--without-alarm")
    ground.alarm(alarm, "OK")


@contextlib.contextmanager
def nothing_registered(ground: Ground) -> Iterator[None]:
    before = ground.ecs.list_task_definitions()["taskDefinitionArns"]
    yield
    assert ground.ecs.list_task_definitions()["taskDefinitionArns"] == before


@scenario
def the_other_slots_alarm_does_not_stop_the_cure(ground: Ground) -> None:
    """What users have is sick, and its alarm fires: the version that cures it is judged by its own."""
    alarm = ground.rollout["gate"][ground.live][0]
    ground.alarm(alarm)
    ground.hurry()
    ground.run(*ground.release("cure", "--without-migration"))
    assert ground.container()["image"] == ground.image("cure")
    ground.alarm(alarm, "OK")


@scenario
def a_migration_that_fails(ground: Ground) -> None:
    ground.emulator.tell(tasks={"exitCode": 1, "log": ["taproom: the table beers is locked"]})
    with nothing_changes(ground, deployments=0):
        ran = ground.run(*ground.release("unmigrated"), code=1)
    ran.says("the table beers is locked", "exit code 1", "no deployment was created")


@scenario
def a_migration_that_never_starts(ground: Ground) -> None:
    ground.emulator.tell(tasks={"failures": [{"reason": "RESOURCE:CAPACITY", "detail": "no room"}]})
    with nothing_changes(ground, deployments=0):
        ground.run(*ground.release("unmigrated"), code=1).says("RESOURCE:CAPACITY", "no deployment was created")


@scenario
def a_key_that_cannot_be_made(ground: Ground) -> None:
    function = ground.rollout["introspection"]["function"]
    ground.emulator.tell(functions={function: {"payload": {"errorMessage": "the database is away"}, "error": "Unhandled"}})
    with nothing_changes(ground, deployments=0):
        ground.run(*ground.release("keyless"), code=1).says("the database is away", "no deployment was created")


@scenario
def tasks_that_crash(ground: Ground) -> None:
    """CodeDeploy would wait for an hour: the watchdog does not."""
    ground.emulator.tell(install={"tasks": "crash", "after": 0.2, "exitCode": 3})
    with nothing_changes(ground, deployments=1):
        ran = ground.run(*ground.release("crashing", "--without-migration"), code=1)
    ran.says("taproom: exit code 3", "have crashed", "MANUAL_STOP", "Install: Failed")


@scenario
def tasks_that_never_start(ground: Ground) -> None:
    ground.emulator.tell(install={"tasks": "hang", "after": 600})
    with nothing_changes(ground, deployments=1):
        ran = ground.run(*ground.release("stuck", "--without-migration", "--install-minutes", "0.02"), code=1)
    ran.says("Install has not ended", "MANUAL_STOP")


@scenario
def two_at_a_time(ground: Ground) -> None:
    with nothing_changes(ground, deployments=1):
        deployment = ground.create(ground.register(ground.image("first")), overrideAlarmConfiguration={"enabled": False})
        with nothing_registered(ground):
            ground.run(*ground.release("second"), code=3).says(deployment, "is under way")
        ground.deploy.stop_deployment(deploymentId=deployment, autoRollbackEnabled=True)
        ground.ended(deployment)


@scenario
def nobody_waits_any_longer(ground: Ground) -> None:
    """The deployment goes on, scaling does, and it is said how to look."""
    for number in (signal.SIGINT, signal.SIGTERM):
        process = ground.start(*ground.release(f"left-alone-{number}", "--without-migration"))
        deployment = ground.begun(process)
        ground.until(deployment, "AllowTraffic")
        process.send_signal(number)
        ground.finish(process, 128 + number).says(deployment, "goes on", "codedeploy/follow")
        assert ground.suspended() == {False}
        assert ground.get(deployment)["status"] == "InProgress"
        ground.hurry()
        ground.run("follow", deployment, "--poll", "0.3").says("succeeded")
        ground.hold()


@scenario
def a_deployment_that_was_left_in_between(ground: Ground) -> None:
    live = ground.live
    deployment = ground.create(ground.register(ground.image("half")), overrideAlarmConfiguration={"enabled": False})
    ground.until(deployment, "AllowTraffic")
    ground.deploy.stop_deployment(deploymentId=deployment, autoRollbackEnabled=False)
    ground.ended(deployment)
    with nothing_registered(ground):
        ground.run(*ground.release("next"), code=3).says("90", "10", "stuck-deployment.md")
    weights = [{"TargetGroupArn": arn, "Weight": 100 if slot == live else 0} for slot, arn in ground.rollout["target_groups"].items()]
    ground.elb.modify_listener(ListenerArn=ground.rollout["listener"], DefaultActions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}])
    ground.bring("after")


@scenario
def what_cannot_be_meant(ground: Ground) -> None:
    with nothing_changes(ground, deployments=0), nothing_registered(ground):
        by_tag = [argument.replace(ground.image("x"), "taproom:latest") for argument in ground.release("x")]
        ground.run(*by_tag, code=2).says("by digest")
        ground.run("deploy", f"image={ground.image('x')}", code=2).says("commit", "must be given")
        for newer_template in ("cpu", "hook_after_allow_traffic"):
            ground.run(*ground.release("x"), *ground.with_values(**{newer_template: None}), code=2).says(f"needs a value for {newer_template}")
