"""CloudTrail: moto deletes a trail by its name only, and does nothing if it gets the ARN."""

from __future__ import annotations

from moto.cloudtrail.models import cloudtrail_backends

from ..calls import ACCOUNT, Call, answers


@answers("cloudtrail", "DeleteTrail")
def delete(call: Call) -> None:
    cloudtrail_backends[ACCOUNT][call.region].delete_trail(call.params["Name"].split("/")[-1])
