"""The model of CodeDeploy, held against what is known of the real one (emulator/README.md)."""

from __future__ import annotations

import json

import botocore.exceptions
import pytest
from releases.ground import digest, wait_for
from stage import Stage
from support.emulated import ACCOUNT, REGION

# One process, and one emulator.
pytestmark = pytest.mark.xdist_group("rollout")

EVENTS = ["BeforeInstall", "Install", "AfterInstall", "AllowTestTraffic", "AfterAllowTestTraffic", "BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic"]


def statuses(*pairs: tuple[str, int]) -> dict[str, str]:
    return dict(zip(EVENTS, [status for status, count in pairs for _ in range(count)], strict=True))


def refused(function, *arguments, **given) -> str:
    with pytest.raises(botocore.exceptions.ClientError) as error:
        function(*arguments, **given)
    return error.value.response["Error"]["Code"]


def test_a_good_release(stage: Stage) -> None:
    before = stage.described()["taskDefinition"]
    definition = stage.register(stage.image("another"))
    deployment = stage.create(definition, description="deploy it")
    created = stage.get(deployment)
    assert created["creator"] == "user"
    assert created["revision"]["appSpecContent"].keys() == {"sha256"}

    stage.until(deployment, "AllowTraffic")
    assert "deploymentOverview" not in stage.get(deployment)
    assert wait_for("the canary", lambda: stage.weights() == {"blue": 90, "green": 10})
    assert stage.weights(stage.listeners[8080]) == {"blue": 0, "green": 100}
    assert {one["taskSetLabel"]: one["trafficWeight"] for one in stage.target(deployment)["taskSetsInfo"]} == {"Blue": 90, "Green": 10}
    sets = stage.task_sets()
    assert (sets["PRIMARY"]["taskDefinition"], sets["ACTIVE"]["externalId"]) == (before, deployment)
    assert sets["ACTIVE"]["stabilityStatus"] == "STEADY_STATE"
    assert sets["ACTIVE"]["networkConfiguration"]["awsvpcConfiguration"]["subnets"] == stage.subnets

    stage.hurry()
    info = stage.ended(deployment)
    assert stage.events(deployment) == statuses(("Succeeded", 8))
    assert stage.weights() == {"blue": 0, "green": 100}
    assert stage.task_sets()["PRIMARY"]["externalId"] == deployment
    assert (info["status"], info["deploymentOverview"]["Succeeded"]) == ("Succeeded", 1)
    assert "DRAINING" in stage.task_sets()
    assert stage.described()["taskDefinition"] == before
    asked = {"revisionType": "AppSpecContent", "appSpecContent": info["revision"]["appSpecContent"]}
    revision = stage.deploy.get_application_revision(applicationName=stage.name, revision=asked)["revision"]
    assert json.loads(revision["appSpecContent"]["content"])["Resources"][0]["TargetService"]["Properties"]["TaskDefinition"] == definition


def test_tasks_tell_their_digest(stage: Stage) -> None:
    deployment = stage.create(stage.register(stage.image("another")))
    stage.until(deployment, "AllowTraffic")
    green = stage.task_sets()["ACTIVE"]
    listed = stage.ecs.list_tasks(cluster=stage.name, serviceName=stage.name, startedBy=green["id"])["taskArns"]
    tasks = stage.ecs.describe_tasks(cluster=stage.name, tasks=listed)["tasks"]
    assert [(task["lastStatus"], task["containers"][0]["imageDigest"]) for task in tasks] == [("RUNNING", digest("another"))] * 2


def test_hooks_are_called_and_judge(stage: Stage) -> None:
    stage.emulator.tell(hooks={"AfterAllowTestTraffic": {"verdict": "Failed", "reasons": ["schema: breaks clients"]}})
    deployment = stage.create(stage.register(stage.image("another")))
    info = stage.ended(deployment)
    assert (info["status"], info["errorInformation"]["code"]) == ("Failed", "HOOK_EXECUTION_FAILURE")
    assert stage.events(deployment) == statuses(("Succeeded", 4), ("Failed", 1), ("Skipped", 3))
    called = [json.loads(call["payload"]) for call in stage.emulator.invocations() if call["function"] == stage.functions["AfterAllowTestTraffic"]]
    assert [call["DeploymentId"] for call in called] == [deployment]
    (event,) = stage.logs.filter_log_events(logGroupName=f"/aws/lambda/{stage.functions['AfterAllowTestTraffic']}", filterPattern=f'"{deployment}"')["events"]
    assert json.loads(event["message"])["reasons"] == ["schema: breaks clients"]


def test_a_verdict_from_outside(stage: Stage) -> None:
    stage.emulator.tell(hooks={"AfterAllowTestTraffic": "Silent"})
    deployment = stage.create(stage.register(stage.image("another")))
    stage.until(deployment, "AfterAllowTestTraffic")
    payload = json.loads(stage.emulator.invocations()[-1]["payload"])
    told = {"deploymentId": deployment, "lifecycleEventHookExecutionId": payload["LifecycleEventHookExecutionId"]}
    stage.deploy.put_lifecycle_event_hook_execution_status(**told, status="Failed")
    assert refused(stage.deploy.put_lifecycle_event_hook_execution_status, **told, status="Succeeded") == "LifecycleEventAlreadyCompletedException"
    assert stage.ended(deployment)["errorInformation"]["code"] == "HOOK_EXECUTION_FAILURE"


def test_a_silent_hook_fails_after_an_hour(stage: Stage) -> None:
    stage.emulator.tell(hooks={"AfterAllowTestTraffic": "Silent"})
    deployment = stage.create(stage.register(stage.image("another")))
    stage.until(deployment, "AfterAllowTestTraffic")
    stage.emulator.tell(minute=0)
    assert stage.ended(deployment)["errorInformation"]["code"] == "TIMEOUT"


def test_an_alarm_during_the_canary(stage: Stage) -> None:
    before = stage.described()["taskDefinition"]
    deployment = stage.create(stage.register(stage.image("another")))
    stage.until(deployment, "AllowTraffic")
    stage.alarm(stage.alarms["green"][0])
    info = stage.ended(deployment)
    assert (info["status"], info["errorInformation"]["code"]) == ("Stopped", "ALARM_ACTIVE")
    assert info["errorInformation"]["message"].endswith(f"Activated alarms: <{stage.alarms['green'][0]}>")
    assert stage.events(deployment) == statuses(("Succeeded", 6), ("Failed", 1), ("Skipped", 1))
    assert stage.weights() == {"blue": 100, "green": 0}

    rollback = stage.ended(info["rollbackInfo"]["rollbackDeploymentId"])
    assert (rollback["status"], rollback["creator"]) == ("Succeeded", "codeDeployRollback")
    assert rollback["deploymentConfigName"] == "CodeDeployDefault.ECSAllAtOnce"
    assert rollback["rollbackInfo"]["rollbackTriggeringDeploymentId"] == deployment
    sets = stage.task_sets()
    assert (sets["PRIMARY"]["taskDefinition"], sets["DRAINING"]["externalId"]) == (before, deployment)


def test_an_alarm_before_the_start(stage: Stage) -> None:
    stage.alarm(stage.alarms["shared"][0])
    deployment = stage.create(stage.register(stage.image("another")))
    assert stage.ended(deployment)["status"] == "Stopped"
    assert stage.events(deployment) == statuses(("Succeeded", 1), ("Failed", 1), ("Skipped", 6))


@pytest.mark.parametrize("override", [{"enabled": False}, {"enabled": True}])
def test_other_alarms_than_the_groups(stage: Stage, override: dict) -> None:
    stage.alarm(stage.alarms["blue"][0])
    if override["enabled"]:
        override = {"enabled": True, "alarms": [{"name": stage.alarms["green"][0]}]}
    deployment = stage.create(stage.register(stage.image("another")), overrideAlarmConfiguration=override)
    stage.until(deployment, "AllowTraffic")
    stage.hurry()
    assert stage.ended(deployment)["status"] == "Succeeded"


def test_an_alarm_while_blue_is_kept(stage: Stage) -> None:
    before = stage.described()["taskDefinition"]
    deployment = stage.create(stage.register(stage.image("another")), deploymentConfigName="CodeDeployDefault.ECSAllAtOnce")
    wait_for("the wait for termination", lambda: stage.get(deployment)["instanceTerminationWaitTimeStarted"])
    assert stage.get(deployment)["status"] == "InProgress"
    assert stage.events(deployment) == statuses(("Succeeded", 8))
    stage.alarm(stage.alarms["green"][0])
    stage.ended(stage.ended(deployment)["rollbackInfo"]["rollbackDeploymentId"])
    assert stage.task_sets()["PRIMARY"]["taskDefinition"] == before
    assert stage.weights() == stage.weights(stage.listeners[8080]) == {"blue": 100, "green": 0}


def test_tasks_that_crash(stage: Stage) -> None:
    stage.emulator.tell(install={"tasks": "crash", "after": 0.1, "exitCode": 3, "log": ["taproom: no database"]})
    deployment = stage.create(stage.register(stage.image("another")))
    stopped = wait_for("crashes", lambda: stage.ecs.list_tasks(cluster=stage.name, serviceName=stage.name, desiredStatus="STOPPED")["taskArns"])
    task = stage.ecs.describe_tasks(cluster=stage.name, tasks=stopped[:1])["tasks"][0]
    assert (task["stopCode"], task["containers"][0]["exitCode"]) == ("EssentialContainerExited", 3)
    stream = f"ecs/taproom/{task['taskArn'].split('/')[-1]}"
    assert stage.logs.get_log_events(logGroupName=stage.name, logStreamName=stream)["events"][0]["message"] == "taproom: no database"
    stage.emulator.tell(minute=0)
    assert stage.ended(deployment)["errorInformation"]["code"] == "TIMEOUT"
    assert wait_for("the rollback", lambda: stage.described()["pendingCount"] == 0 and stage.described()["runningCount"] == 2)


def test_tasks_that_never_start(stage: Stage) -> None:
    stage.emulator.tell(install="hang")
    deployment = stage.create(stage.register(stage.image("another")))
    stopped = wait_for("a failure", lambda: stage.ecs.list_tasks(cluster=stage.name, serviceName=stage.name, desiredStatus="STOPPED")["taskArns"])
    task = stage.ecs.describe_tasks(cluster=stage.name, tasks=stopped[:1])["tasks"][0]
    assert (task["stopCode"], "exitCode" in task["containers"][0]) == ("TaskFailedToStart", False)
    stage.deploy.stop_deployment(deploymentId=deployment)
    assert stage.ended(deployment)["errorInformation"]["code"] == "MANUAL_STOP"


@pytest.mark.parametrize("rolls_back", [True, False])
def test_stopping(stage: Stage, rolls_back: bool) -> None:
    deployment = stage.create(stage.register(stage.image("another")))
    stage.until(deployment, "AllowTraffic")
    assert stage.deploy.stop_deployment(deploymentId=deployment, autoRollbackEnabled=rolls_back)["status"] == "Pending"
    info = stage.ended(deployment)
    assert info["status"] == "Stopped"
    assert ("rollbackInfo" in info, stage.weights()["green"]) == ((True, 0) if rolls_back else (False, 10))
    assert refused(stage.deploy.stop_deployment, deploymentId=deployment) == "DeploymentAlreadyCompletedException"


def test_one_at_a_time(stage: Stage) -> None:
    definition = stage.register(stage.image("another"))
    deployment = stage.create(definition)
    assert refused(stage.create, definition) == "DeploymentLimitExceededException"
    assert stage.deploy.list_deployments(applicationName=stage.name, deploymentGroupName=stage.name, includeOnlyStatuses=["Created", "InProgress"])[
        "deployments"
    ] == [deployment]


def test_what_the_appspec_says_has_to_fit(stage: Stage) -> None:
    definition = stage.register(stage.image("another"))
    content = json.loads(stage.render("appspec.yaml", task_definition=definition))
    content["Resources"][0]["TargetService"]["Properties"]["LoadBalancerInfo"]["ContainerName"] = "nobody"
    revision = {"revisionType": "AppSpecContent", "appSpecContent": {"content": json.dumps(content)}}
    asked = {"applicationName": stage.name, "deploymentGroupName": stage.name}
    deployment = stage.deploy.create_deployment(**asked, revision=revision)["deploymentId"]
    assert stage.ended(deployment)["errorInformation"]["code"] == "INVALID_ECS_SERVICE"
    revision["appSpecContent"]["content"] = "{}"
    assert refused(stage.deploy.create_deployment, **asked, revision=revision) == "InvalidRevisionException"


@pytest.mark.parametrize("exit_code", [0, 1])
def test_a_one_off_task(stage: Stage, exit_code: int) -> None:
    stage.emulator.tell(tasks={"exitCode": exit_code, "log": ["applied 3 migrations"]})
    definition = stage.register(stage.image("another"))
    asked = json.loads(stage.render("migration.yaml", task_definition=definition))
    (task,) = stage.ecs.run_task(**asked)["tasks"]
    assert task["lastStatus"] == "PROVISIONING"

    def stopped() -> dict | None:
        (found,) = stage.ecs.describe_tasks(cluster=stage.name, tasks=[task["taskArn"]])["tasks"]
        return found if found["lastStatus"] == "STOPPED" else None

    assert wait_for("the task's end", stopped)["containers"][0]["exitCode"] == exit_code
    assert task["overrides"]["taskRoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/{stage.name}-migration"
    stream = f"ecs/taproom/{task['taskArn'].split('/')[-1]}"
    events = stage.logs.get_log_events(logGroupName=stage.name, logStreamName=stream)["events"]
    assert [event["message"] for event in events] == ["applied 3 migrations"]


def test_functions_answer_what_is_told(stage: Stage) -> None:
    name = stage.functions["database-roles"]
    stage.emulator.tell(functions={name: {"payload": {"errorMessage": "no database"}, "error": "Unhandled"}})
    answer = stage.emulator.client("lambda").invoke(FunctionName=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}", Payload=b"{}")
    assert (answer["FunctionError"], json.load(answer["Payload"])) == ("Unhandled", {"errorMessage": "no database"})


def test_scaling_during_a_deployment(stage: Stage) -> None:
    deployment = stage.create(stage.register(stage.image("another")))
    stage.until(deployment, "AllowTraffic")
    stage.ecs.update_service(cluster=stage.name, service=stage.name, desiredCount=3)
    assert {status: one["computedDesiredCount"] for status, one in stage.task_sets().items()} == {"PRIMARY": 3, "ACTIVE": 3}
