"""Budgets: moto forgets who is told."""

from __future__ import annotations

import json

from ..calls import Answer, Call, amends, answers
from ..tags import tag_new, taggable

taggable("budgets", arn="ResourceARN", tags="ResourceTags", keys="ResourceTagKeys")


@amends("budgets", "CreateBudget")
def create_budget(call: Call, answer: Answer) -> None:
    name = call.params["Budget"]["BudgetName"]
    tag_new(call, f"arn:aws:budgets::{call.params['AccountId']}:budget/{name}", call.params.get("ResourceTags"))
    for entry in call.params.get("NotificationsWithSubscribers", []):
        call.store("subscribers")[_key(name, entry["Notification"])] = entry["Subscribers"]


@amends("budgets", "CreateNotification")
def create_notification(call: Call, answer: Answer) -> None:
    call.store("subscribers")[_key(call.params["BudgetName"], call.params["Notification"])] = call.params["Subscribers"]


@answers("budgets", "DescribeSubscribersForNotification")
def describe_subscribers(call: Call) -> Answer:
    return {"Subscribers": call.store("subscribers")[_key(call.params["BudgetName"], call.params["Notification"])]}


def _key(budget: str, notification: Answer) -> str:
    return json.dumps(
        [
            budget,
            notification["NotificationType"],
            notification["ComparisonOperator"],
            float(notification["Threshold"]),
            notification.get("ThresholdType", "PERCENTAGE"),
        ]
    )
