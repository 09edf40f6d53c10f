"""X-Ray: moto has no groups."""

from __future__ import annotations

import uuid

from ..calls import Answer, Call, Refused, answers
from ..tags import tag_new, taggable

taggable("xray", arn="ResourceARN")


@answers("xray", "CreateGroup")
def create_group(call: Call) -> Answer:
    name = call.params["GroupName"]
    insights = {"InsightsEnabled": False, "NotificationsEnabled": False, **call.params.get("InsightsConfiguration", {})}
    arn = call.arn(f"group/{name}/{uuid.uuid4().hex[:26].upper()}")
    group = {
        "GroupName": name,
        "GroupARN": arn,
        "FilterExpression": call.params.get("FilterExpression"),
        "InsightsConfiguration": insights,
    }
    call.store("groups")[arn] = group
    tag_new(call, arn, call.params.get("Tags"))
    return {"Group": group}


@answers("xray", "GetGroup")
def get_group(call: Call) -> Answer:
    return {"Group": _group(call)}


@answers("xray", "GetGroups")
def get_groups(call: Call) -> Answer:
    return {"Groups": list(call.store("groups").values())}


@answers("xray", "UpdateGroup")
def update_group(call: Call) -> Answer:
    group = _group(call)
    group.update({name: call.params[name] for name in ("FilterExpression", "InsightsConfiguration") if name in call.params})
    return {"Group": group}


@answers("xray", "DeleteGroup")
def delete_group(call: Call) -> None:
    del call.store("groups")[_group(call)["GroupARN"]]


def _group(call: Call) -> Answer:
    for group in call.store("groups").values():
        if group["GroupARN"] == call.params.get("GroupARN") or group["GroupName"] == call.params.get("GroupName"):
            return group
    raise Refused("InvalidRequestException", "Group not found")
