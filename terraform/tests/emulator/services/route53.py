"""Route 53: moto takes a log group for queries only with `:*` at the end of its ARN; AWS takes it without, as its own pages have it."""

from __future__ import annotations

import uuid

from ..calls import Answer, Call, Refused, answers


@answers("route53", "CreateQueryLoggingConfig")
def create(call: Call) -> Answer:
    identifier = str(uuid.uuid4())
    config = {
        "Id": identifier,
        "HostedZoneId": call.params["HostedZoneId"],
        "CloudWatchLogsLogGroupArn": call.params["CloudWatchLogsLogGroupArn"],
    }
    call.store("query logs")[identifier] = config
    return {"QueryLoggingConfig": config, "Location": f"https://route53.amazonaws.com/2013-04-01/queryloggingconfig/{identifier}"}


@answers("route53", "GetQueryLoggingConfig")
def get(call: Call) -> Answer:
    if call.params["Id"] not in call.store("query logs"):
        raise Refused("NoSuchQueryLoggingConfig", "The query logging configuration does not exist")
    return {"QueryLoggingConfig": call.store("query logs")[call.params["Id"]]}


@answers("route53", "ListQueryLoggingConfigs")
def list_all(call: Call) -> Answer:
    zone = call.params.get("HostedZoneId")
    return {"QueryLoggingConfigs": [config for config in call.store("query logs").values() if zone in (None, config["HostedZoneId"])]}


@answers("route53", "DeleteQueryLoggingConfig")
def delete(call: Call) -> None:
    call.store("query logs").pop(call.params["Id"], None)
