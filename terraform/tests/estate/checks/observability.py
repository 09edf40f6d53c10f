"""Whether somebody hears of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml
from support.emulated import GLOBAL, REGION, REPLICA
from support.estate import Estate
from support.terraform import REPOSITORY

from . import check, some
from .network import load_balancer


def alarms(estate: Estate) -> dict[str, dict[str, Any]]:
    """Of the environment, by what follows its name."""
    found = estate.emulator.all("cloudwatch", "describe_alarms", "MetricAlarms")
    return {alarm["AlarmName"].removeprefix(f"{estate.name}-"): alarm for alarm in some(found, "alarm") if alarm["AlarmName"].startswith(f"{estate.name}-")}


@check
def log_groups_end_and_have_a_key(estate: Estate) -> Iterator[str]:
    for region in (REGION, REPLICA, GLOBAL):
        for group in estate.emulator.all("logs", "describe_log_groups", "logGroups", region):
            if not group.get("retentionInDays"):
                yield f"{group['logGroupName']} in {region} is kept for ever"
            if not group.get("kmsKeyId"):
                yield f"{group['logGroupName']} in {region} has no key"


@check
def alarms_have_a_runbook_and_somebody_who_hears(estate: Estate) -> Iterator[str]:
    heard = {subscription["TopicArn"] for subscription in estate.emulator.all("sns", "list_subscriptions", "Subscriptions")}
    for name, alarm in alarms(estate).items():
        runbook = re.search(r"https://\S+/docs/(runbooks/\S+\.md)", alarm.get("AlarmDescription", ""))
        if not runbook or not (REPOSITORY / "docs" / runbook[1]).is_file():
            yield f"{name} has no runbook: {alarm.get('AlarmDescription')}"
        if not alarm["ActionsEnabled"] or not set(alarm["AlarmActions"]) & heard:
            yield f"nobody hears of {name}"


@check
def the_chat_hears_of_all_topics(estate: Estate) -> Iterator[str]:
    channels = estate.emulator.all("chatbot", "describe_slack_channel_configurations", "SlackChannelConfigurations", GLOBAL)
    wanted = re.search(r'^  slack = \{ workspace = "(\w+)", channel = "(\w+)" \}$', estate.variables, re.M)
    if [(channel["SlackTeamId"], channel["SlackChannelId"]) for channel in channels] != ([wanted.groups()] if wanted else []):
        yield f"there are the channels {channels}"
    topics = {arn for alarm in alarms(estate).values() for arn in alarm["AlarmActions"] if arn.startswith("arn:aws:sns:")}
    for channel in channels:
        if set(channel["SnsTopicArns"]) != set(some(topics, "topic of the alarms")):
            yield f"{channel['SlackChannelId']} gets {channel['SnsTopicArns']}, and not {topics}"


@check
def all_alarms_of_the_files_are_there(estate: Estate) -> Iterator[str]:
    files = REPOSITORY / "dashboards"
    wanted = {alarm["name"] for alarm in yaml.safe_load((files / "alarms.yaml").read_text())}
    gate = (files / "gate.yaml").read_text()
    for candidate, other in (("blue", "green"), ("green", "blue")):
        rendered = yaml.safe_load(gate.replace("${candidate}", candidate).replace("${other}", other))
        wanted |= {alarm["name"] for alarm in [*rendered["slot"], *rendered["shared"]]}
    for name in wanted - alarms(estate).keys():
        yield f"{name} is missing"


@check
def dashboards_are_the_files(estate: Estate) -> Iterator[str]:
    """With the red lines where the alarms' thresholds are."""
    emulator = estate.emulator
    groups = {
        group["TargetGroupName"].rsplit("-", 1)[1]: group["TargetGroupArn"].split(":")[-1]
        for group in emulator.all("elbv2", "describe_target_groups", "TargetGroups")
    }
    values = {
        "region": REGION,
        "service": estate.project,
        "environment": estate.environment,
        "namespace": "Taproom",
        "cluster": estate.name,
        "ecs_service": estate.name,
        "load_balancer": load_balancer(estate)["LoadBalancerArn"].split(":loadbalancer/")[1],
        "target_group_blue": groups["blue"],
        "target_group_green": groups["green"],
        "database": emulator.all("rds", "describe_db_instances", "DBInstances")[0]["DBInstanceIdentifier"],
        "runbooks": f"https://github.com/{estate.repository}/blob/main/docs/runbooks",
    }
    for board in ("ops", "deploy"):
        body = json.loads(emulator.client("cloudwatch").get_dashboard(DashboardName=f"{estate.name}-{board}")["DashboardBody"])
        text = (REPOSITORY / f"dashboards/{board}.json").read_text()
        for name, value in values.items():
            text = text.replace(f"${{{name}}}", value)
        # These two are of what the module names itself.
        text = re.sub(r"\$\{log_group\}", lambda _: log_group(estate), text)
        text = text.replace("${alarm_arns}", json.dumps(alarm_arns(body)))
        wanted = json.loads(text)
        for drawn, widget in zip(body["widgets"], wanted["widgets"], strict=True):
            for line in widget["properties"].get("annotations", {}).get("horizontal", []):
                alarm = re.match(r"Alarms? ([a-z-]+)", line["label"])
                if alarm:
                    line["value"] = alarms(estate)[alarm[1]]["Threshold"]
            if drawn != widget:
                yield f"{board}: {drawn['properties'].get('title')} is not what the file says"
        if {**body, "widgets": []} != {**wanted, "widgets": []}:
            yield f"{board} is not what the file says"
        if board == "ops" and set(alarm_arns(body)) != {alarm["AlarmArn"] for alarm in alarms(estate).values() if alarm["AlarmArn"] in alarm_arns(body)}:
            yield "ops shows alarms that are not there"


def alarm_arns(body: dict[str, Any]) -> list[str]:
    return [arn for widget in body["widgets"] if widget["type"] == "alarm" for arn in widget["properties"]["alarms"]]


def log_group(estate: Estate) -> str:
    definition = estate.emulator.client("ecs").describe_services(cluster=estate.name, services=[estate.name])["services"][0]["taskDefinition"]
    containers = estate.emulator.client("ecs").describe_task_definition(taskDefinition=definition)["taskDefinition"]["containerDefinitions"]
    return containers[0]["logConfiguration"]["options"]["awslogs-group"]
