"""Cost Explorer: moto has neither anomaly monitors and subscriptions nor allocation tags."""

from __future__ import annotations

import time
import uuid

from ..calls import ACCOUNT, Answer, Call, Refused, answers
from ..tags import tag_new, taggable

taggable("ce", arn="ResourceArn", tags="ResourceTags", keys="ResourceTagKeys")

KINDS = {"Monitor": "UnknownMonitorException", "Subscription": "UnknownSubscriptionException"}


def _anomalies(kind: str, unknown: str) -> None:
    arn, lower = f"{kind}Arn", kind.lower()

    @answers("ce", f"CreateAnomaly{kind}")
    def create(call: Call) -> Answer:
        made = f"arn:aws:ce::{ACCOUNT}:anomaly{lower}/{uuid.uuid4()}"
        call.store(kind)[made] = {**call.params[f"Anomaly{kind}"], arn: made, "AccountId": ACCOUNT}
        tag_new(call, made, call.params.get("ResourceTags"))
        return {arn: made}

    @answers("ce", f"GetAnomaly{kind}s")
    def get(call: Call) -> Answer:
        wanted = call.params.get(f"{arn}List") or list(call.store(kind))
        if any(key not in call.store(kind) for key in wanted):
            raise Refused(unknown, f"The cost anomaly {lower} does not exist for the account.")
        return {f"Anomaly{kind}s": [call.store(kind)[key] for key in wanted]}

    @answers("ce", f"UpdateAnomaly{kind}")
    def update(call: Call) -> Answer:
        call.store(kind)[call.params[arn]].update(call.params)
        return {arn: call.params[arn]}

    @answers("ce", f"DeleteAnomaly{kind}")
    def delete(call: Call) -> None:
        call.store(kind).pop(call.params[arn], None)


for _kind, _unknown in KINDS.items():
    _anomalies(_kind, _unknown)


@answers("ce", "UpdateCostAllocationTagsStatus")
def update_tags(call: Call) -> Answer:
    for tag in call.params["CostAllocationTagsStatus"]:
        call.store("tags of costs")[tag["TagKey"]] = {
            **tag,
            "Type": "UserDefined",
            "LastUpdatedDate": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
    return {"Errors": []}


@answers("ce", "ListCostAllocationTags")
def list_tags(call: Call) -> Answer:
    wanted = call.params.get("TagKeys") or list(call.store("tags of costs"))
    return {"CostAllocationTags": [call.store("tags of costs")[key] for key in wanted if key in call.store("tags of costs")]}
