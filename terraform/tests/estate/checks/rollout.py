"""What runs, and what brings another version."""

from __future__ import annotations

from collections.abc import Iterator

import yaml
from support.estate import Estate
from support.terraform import REPOSITORY

from . import check, some
from .network import load_balancer


@check
def tasks_are_locked_down(estate: Estate) -> Iterator[str]:
    client = estate.emulator.client("ecs")
    for arn in some(estate.emulator.all("ecs", "list_task_definitions", "taskDefinitionArns"), "task definition"):
        definition = client.describe_task_definition(taskDefinition=arn)["taskDefinition"]
        for container in some(definition["containerDefinitions"], "container"):
            if not container.get("readonlyRootFilesystem"):
                yield f"{container['name']} may write to its root"
            if "@sha256:" not in container["image"]:
                yield f"{container['name']} is not an image by digest: {container['image']}"
            if container.get("privileged"):
                yield f"{container['name']} is privileged"
            for variable in container.get("environment", []):
                if "PASSWORD" in variable["name"] or "SECRET" in variable["name"]:
                    yield f"{container['name']} has {variable['name']} in the clear"


@check
def the_service_is_codedeploys(estate: Estate) -> Iterator[str]:
    client = estate.emulator.client("ecs")
    (service,) = client.describe_services(cluster=estate.name, services=[estate.name])["services"]
    if service["deploymentController"]["type"] != "CODE_DEPLOY":
        yield f"the service is deployed by {service['deploymentController']['type']}"
    if service["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] != "DISABLED":
        yield "tasks have public addresses"
    (cluster,) = client.describe_clusters(clusters=[estate.name], include=["SETTINGS"])["clusters"]
    if not any(setting["name"] == "containerInsights" and setting["value"] in ("enabled", "enhanced") for setting in cluster["settings"]):
        yield "the cluster has no Container Insights"
    (target,) = estate.emulator.all("application-autoscaling", "describe_scalable_targets", "ScalableTargets", ServiceNamespace="ecs")
    if target["ResourceId"] != f"service/{estate.name}/{estate.name}":
        yield f"what is scaled is {target['ResourceId']}"


@check
def the_group_rolls_back_on_alarms(estate: Estate) -> Iterator[str]:
    client = estate.emulator.client("codedeploy")
    rollout = yaml.safe_load((REPOSITORY / "codedeploy/rollout.yaml").read_text())
    known = {alarm["AlarmName"] for alarm in estate.emulator.all("cloudwatch", "describe_alarms", "MetricAlarms")}
    listeners = {
        listener["Port"]: listener["ListenerArn"]
        for listener in estate.emulator.all("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=load_balancer(estate)["LoadBalancerArn"])
    }
    for application in some(estate.emulator.all("codedeploy", "list_applications", "applications"), "application"):
        for name in some(client.list_deployment_groups(applicationName=application)["deploymentGroups"], "deployment group"):
            group = client.get_deployment_group(applicationName=application, deploymentGroupName=name)["deploymentGroupInfo"]
            alarms = group["alarmConfiguration"]
            if not alarms["enabled"] or not alarms["alarms"] or alarms.get("ignorePollAlarmFailure"):
                yield f"{name} does not look at alarms"
            for alarm in alarms["alarms"]:
                if alarm["name"] not in known:
                    yield f"{name} looks at {alarm['name']}, which is not there"
            rollback = group["autoRollbackConfiguration"]
            if not rollback["enabled"] or not {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"} <= set(rollback["events"]):
                yield f"{name} does not roll back"
            (pair,) = group["loadBalancerInfo"]["targetGroupPairInfoList"]
            if pair["prodTrafficRoute"]["listenerArns"] != [listeners[443]] or pair["testTrafficRoute"]["listenerArns"] != [listeners[8443]]:
                yield f"{name} moves other listeners"
            if {target["name"] for target in pair["targetGroups"]} != {f"{estate.name}-blue", f"{estate.name}-green"}:
                yield f"{name} moves other target groups"
            routing = client.get_deployment_config(deploymentConfigName=group["deploymentConfigName"])["deploymentConfigInfo"]["trafficRoutingConfig"]
            canary = {"canaryPercentage": rollout["canary_percentage"], "canaryInterval": rollout["canary_interval_minutes"]}
            if routing.get("timeBasedCanary") != canary:
                yield f"{name} shifts by {routing}"


@check
def functions_are_in_the_vpc(estate: Estate) -> Iterator[str]:
    groups = {group["logGroupName"] for group in estate.emulator.all("logs", "describe_log_groups", "logGroups")}
    for function in some(estate.emulator.all("lambda", "list_functions", "Functions"), "function"):
        name = function["FunctionName"]
        configuration = estate.emulator.client("lambda").get_function_configuration(FunctionName=name)
        if not configuration.get("VpcConfig", {}).get("SubnetIds"):
            yield f"{name} is not in the VPC"
        if configuration["LoggingConfig"]["LogGroup"] not in groups:
            yield f"{name} logs to {configuration['LoggingConfig']['LogGroup']}, which is not there"


@check
def the_roles_were_made_once(estate: Estate) -> Iterator[str]:
    invoked = [invocation["function"] for invocation in estate.emulator.invocations()]
    if invoked != [f"{estate.name}-database-roles"]:
        yield f"invoked was {invoked}"


@check
def somebody_probes_every_minute(estate: Estate) -> Iterator[str]:
    for schedule in some(estate.emulator.all("scheduler", "list_schedules", "Schedules"), "schedule"):
        described = estate.emulator.client("scheduler").get_schedule(Name=schedule["Name"], GroupName=schedule["GroupName"])
        if described["ScheduleExpression"] != "rate(1 minute)" or described["State"] != "ENABLED":
            yield f"{schedule['Name']} is {described['State']}, {described['ScheduleExpression']}"
