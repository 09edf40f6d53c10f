"""CodeDeploy: deployments of ECS. What they do is in `emulator/rollout`."""

from __future__ import annotations

import copy
import datetime
import time

from .. import clock
from ..calls import Answer, Call, Refused, answers
from ..rollout import appspec, configurations, engine
from ..rollout.appspec import AppSpec
from ..rollout.deployment import ALL, OVER, Deployment, of_group
from .codedeploy import find_application, find_group


@answers("codedeploy", "CreateDeployment")
def create(call: Call) -> Answer:
    application = find_application(call)["applicationName"]
    group = find_group(call, (application, call.params["deploymentGroupName"]))
    if group["computePlatform"] != "ECS":
        raise Refused("InvalidComputePlatformException", "the emulator deploys to ECS, and nowhere else")
    if "revision" not in call.params:
        raise Refused("RevisionRequiredException", "The deployment has no revision.")
    _refuse_alarms(call.params.get("overrideAlarmConfiguration", {}))
    specification = appspec.read(call.params["revision"])
    configuration = _configuration(call, group)
    deployments = of_group((call.region, application, group["deploymentGroupName"]))
    for deployment in deployments:
        if deployment.status not in OVER:
            message = f"The Deployment Group '{group['deploymentGroupName']}' already has an active Deployment '{deployment.id}'"
            raise Refused("DeploymentLimitExceededException", message)
    call.store("revisions")[application, specification.sha256] = specification
    deployment = Deployment(call.region, copy.deepcopy(group), configuration, specification)
    deployment.previous = next((before for before in deployments if before.status == "Succeeded"), None)
    deployment.description = call.params.get("description")
    deployment.overridden_alarms = call.params.get("overrideAlarmConfiguration")
    deployment.rollback_events = call.params.get("autoRollbackConfiguration", deployment.rollback_events)
    clock.start(engine.run(deployment))
    return {"deploymentId": deployment.id}


def _refuse_alarms(alarms: Answer) -> None:
    if len(alarms.get("alarms", [])) > 10:
        raise Refused("AlarmsLimitExceededException", "The maximum number of alarms for a deployment group (10) was exceeded.")
    if alarms.get("enabled") and not alarms.get("alarms"):
        raise Refused("InvalidAlarmConfigException", "The alarm configuration is enabled and has no alarms.")


def _configuration(call: Call, group: Answer) -> Answer:
    name = call.params.get("deploymentConfigName") or group["deploymentConfigName"]
    known = {**configurations.BUILT_IN, **call.store("configs")}
    if name not in known:
        raise Refused("DeploymentConfigDoesNotExistException", f"Deployment configuration {name} does not exist.")
    return known[name]


@answers("codedeploy", "GetDeployment")
def get(call: Call) -> Answer:
    return {"deploymentInfo": _deployment(call).describe()}


@answers("codedeploy", "BatchGetDeployments")
def batch_get(call: Call) -> Answer:
    return {"deploymentsInfo": [ALL[identifier].describe() for identifier in call.params["deploymentIds"] if identifier in ALL]}


@answers("codedeploy", "ListDeployments")
def list_all(call: Call) -> Answer:
    since, until = (_seconds(call.params.get("createTimeRange", {}).get(end)) for end in ("start", "end"))
    wanted = {name: call.params[name] for name in ("applicationName", "deploymentGroupName") if name in call.params}
    statuses = call.params.get("includeOnlyStatuses") or []
    found = [deployment for deployment in reversed(ALL.values()) if deployment.region == call.region and wanted.items() <= deployment.describe().items()]
    found = [deployment for deployment in found if (since or 0) <= deployment.created <= (until or clock.now())]
    return {"deployments": [deployment.id for deployment in found if not statuses or deployment.status in statuses]}


def _seconds(moment: datetime.datetime | float | None) -> float | None:
    return moment.timestamp() if isinstance(moment, datetime.datetime) else moment


@answers("codedeploy", "StopDeployment")
def stop(call: Call) -> Answer:
    deployment = _deployment(call)
    if deployment.status in OVER:
        raise Refused("DeploymentAlreadyCompletedException", f"The deployment {deployment.id} has already completed.")
    deployment.stop_asked, deployment.stop_rolls_back = True, call.params.get("autoRollbackEnabled")
    return {"status": "Pending", "statusMessage": "No more commands will be scheduled for execution in the deployment instances"}


@answers("codedeploy", "ListDeploymentTargets")
def list_targets(call: Call) -> Answer:
    return {"targetIds": [_started(call).target_id]}


@answers("codedeploy", "GetDeploymentTarget")
def get_target(call: Call) -> Answer:
    return {"deploymentTarget": _target(call, call.params["targetId"])}


@answers("codedeploy", "BatchGetDeploymentTargets")
def batch_get_targets(call: Call) -> Answer:
    return {"deploymentTargets": [_target(call, target) for target in call.params["targetIds"]]}


@answers("codedeploy", "GetApplicationRevision")
def get_revision(call: Call) -> Answer:
    wanted = call.params["revision"]
    sha256 = (wanted.get("appSpecContent") or wanted.get("string") or {}).get("sha256")
    key = (find_application(call)["applicationName"], sha256)
    if key not in call.store("revisions"):
        raise Refused("RevisionDoesNotExistException", "The named revision does not exist with the user or AWS account.")
    specification: AppSpec = call.store("revisions")[key]
    revision = {"revisionType": "AppSpecContent", "appSpecContent": {"content": specification.content, "sha256": sha256}}
    return {"applicationName": key[0], "revision": revision, "revisionInfo": {"registerTime": time.time()}}


@answers("codedeploy", "PutLifecycleEventHookExecutionStatus")
def put_verdict(call: Call) -> Answer:
    deployment, execution = _deployment(call), call.params["lifecycleEventHookExecutionId"]
    if execution not in deployment.verdicts:
        raise Refused("InvalidLifecycleEventHookExecutionIdException", f"{execution} is no execution of a hook of {deployment.id}")
    if deployment.verdicts[execution] is not None:
        raise Refused("LifecycleEventAlreadyCompletedException", f"The hook {execution} has already completed.")
    deployment.verdicts[execution] = call.params["status"]
    return {"lifecycleEventHookExecutionId": execution}


def _deployment(call: Call) -> Deployment:
    found = ALL.get(call.params["deploymentId"])
    if found is None or found.region != call.region:
        raise Refused("DeploymentDoesNotExistException", f"The deployment {call.params['deploymentId']} could not be found.")
    return found


def _started(call: Call) -> Deployment:
    deployment = _deployment(call)
    if deployment.status == "Created":
        raise Refused("DeploymentNotStartedException", f"The deployment {deployment.id} has not started.")
    return deployment


def _target(call: Call, target: str) -> Answer:
    deployment = _started(call)
    if target != deployment.target_id:
        raise Refused("DeploymentTargetDoesNotExistException", f"{deployment.id} has no target {target}")
    return deployment.describe_target()
