"""CloudWatch Logs: moto has no saved queries."""

from __future__ import annotations

import time
import uuid

from ..calls import Answer, Call, answers


@answers("logs", "PutQueryDefinition")
def put(call: Call) -> Answer:
    identifier = call.params.get("queryDefinitionId") or str(uuid.uuid4())
    call.store("queries")[identifier] = {
        "logGroupNames": [],
        **call.params,
        "queryDefinitionId": identifier,
        "lastModified": int(time.time() * 1_000),
    }
    return {"queryDefinitionId": identifier}


@answers("logs", "DescribeQueryDefinitions")
def describe(call: Call) -> Answer:
    prefix = call.params.get("queryDefinitionNamePrefix", "")
    return {"queryDefinitions": [query for query in call.store("queries").values() if query["name"].startswith(prefix)]}


@answers("logs", "DeleteQueryDefinition")
def delete(call: Call) -> Answer:
    return {"success": call.store("queries").pop(call.params["queryDefinitionId"], None) is not None}
