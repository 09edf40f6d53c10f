"""CodeDeploy: moto has neither deployment configurations nor updates and deletion, so that ours are all of its applications, groups and configurations."""

from __future__ import annotations

import time
import uuid

from ..calls import Answer, Call, Refused, answers
from ..rollout.configurations import BUILT_IN
from ..tags import tag_new, taggable

taggable("codedeploy", arn="ResourceArn")


@answers("codedeploy", "CreateApplication")
def create_application(call: Call) -> Answer:
    name = call.params["applicationName"]
    if name in call.store("applications"):
        raise Refused("ApplicationAlreadyExistsException", name)
    application = {
        "applicationId": str(uuid.uuid4()),
        "applicationName": name,
        "computePlatform": call.params.get("computePlatform", "Server"),
        "createTime": time.time(),
        "linkedToGitHub": False,
    }
    call.store("applications")[name] = application
    tag_new(call, call.arn(f"application:{name}"), call.params.get("tags"))
    return {"applicationId": application["applicationId"]}


@answers("codedeploy", "GetApplication")
def get_application(call: Call) -> Answer:
    return {"application": find_application(call)}


@answers("codedeploy", "ListApplications")
def list_applications(call: Call) -> Answer:
    return {"applications": list(call.store("applications"))}


@answers("codedeploy", "DeleteApplication")
def delete_application(call: Call) -> None:
    call.store("applications").pop(call.params["applicationName"], None)


@answers("codedeploy", "CreateDeploymentGroup")
def create_deployment_group(call: Call) -> Answer:
    key = (find_application(call)["applicationName"], call.params["deploymentGroupName"])
    if key in call.store("groups"):
        raise Refused("DeploymentGroupAlreadyExistsException", key[1])
    group = {"deploymentGroupId": str(uuid.uuid4()), "computePlatform": find_application(call)["computePlatform"]}
    call.store("groups")[key] = group
    _describe(group, call)
    tag_new(call, call.arn(f"deploymentgroup:{key[0]}/{key[1]}"), call.params.get("tags"))
    return {"deploymentGroupId": group["deploymentGroupId"]}


@answers("codedeploy", "UpdateDeploymentGroup")
def update_deployment_group(call: Call) -> Answer:
    key = (call.params["applicationName"], call.params["currentDeploymentGroupName"])
    group = find_group(call, key)
    _describe(group, call)
    del call.store("groups")[key]
    call.store("groups")[key[0], group["deploymentGroupName"]] = group
    return {"hooksNotCleanedUp": []}


def _describe(group: Answer, call: Call) -> None:
    lists = {
        "alarmConfiguration": {"enabled": False, "ignorePollAlarmFailure": False, "alarms": []},
        "autoRollbackConfiguration": {"enabled": False},
        "triggerConfigurations": [],
    }
    given = {name: value for name, value in call.params.items() if name not in ("tags", "currentDeploymentGroupName", "newDeploymentGroupName")}
    group.update({**lists, **group, **given})
    if "newDeploymentGroupName" in call.params or "currentDeploymentGroupName" in call.params:
        group["deploymentGroupName"] = call.params.get("newDeploymentGroupName") or call.params["currentDeploymentGroupName"]
    group["triggerConfigurations"] = group["triggerConfigurations"] or []
    # AWS says 0 where it waits for nobody, and `aws ecs deploy` fails if it is missing.
    group.get("blueGreenDeploymentConfiguration", {}).get("deploymentReadyOption", {}).setdefault("waitTimeInMinutes", 0)


@answers("codedeploy", "GetDeploymentGroup")
def get_deployment_group(call: Call) -> Answer:
    find_application(call)
    return {"deploymentGroupInfo": find_group(call, (call.params["applicationName"], call.params["deploymentGroupName"]))}


@answers("codedeploy", "ListDeploymentGroups")
def list_deployment_groups(call: Call) -> Answer:
    application = find_application(call)["applicationName"]
    return {"applicationName": application, "deploymentGroups": [group for owner, group in call.store("groups") if owner == application]}


@answers("codedeploy", "DeleteDeploymentGroup")
def delete_deployment_group(call: Call) -> Answer:
    call.store("groups").pop((call.params["applicationName"], call.params["deploymentGroupName"]), None)
    return {"hooksNotCleanedUp": []}


@answers("codedeploy", "CreateDeploymentConfig")
def create_deployment_config(call: Call) -> Answer:
    name = call.params["deploymentConfigName"]
    if name in call.store("configs"):
        raise Refused("DeploymentConfigAlreadyExistsException", name)
    call.store("configs")[name] = {**call.params, "deploymentConfigId": str(uuid.uuid4()), "createTime": time.time()}
    return {"deploymentConfigId": call.store("configs")[name]["deploymentConfigId"]}


@answers("codedeploy", "GetDeploymentConfig")
def get_deployment_config(call: Call) -> Answer:
    name = call.params["deploymentConfigName"]
    known = {**BUILT_IN, **call.store("configs")}
    if name not in known:
        raise Refused("DeploymentConfigDoesNotExistException", name)
    return {"deploymentConfigInfo": known[name]}


@answers("codedeploy", "ListDeploymentConfigs")
def list_deployment_configs(call: Call) -> Answer:
    return {"deploymentConfigsList": list(call.store("configs"))}


@answers("codedeploy", "DeleteDeploymentConfig")
def delete_deployment_config(call: Call) -> None:
    call.store("configs").pop(call.params["deploymentConfigName"], None)


def find_application(call: Call) -> Answer:
    name = call.params["applicationName"]
    if name not in call.store("applications"):
        raise Refused("ApplicationDoesNotExistException", name)
    return call.store("applications")[name]


def find_group(call: Call, key: tuple[str, str]) -> Answer:
    if key not in call.store("groups"):
        raise Refused("DeploymentGroupDoesNotExistException", key[1])
    return call.store("groups")[key]
