"""IAM Access Analyzer, which moto lacks."""

from __future__ import annotations

import time

from ..calls import Answer, Call, Refused, answers
from ..tags import tag_new, taggable

taggable("accessanalyzer", arn="resourceArn", tags="tags", keys="tagKeys", pairs=False)


@answers("accessanalyzer", "CreateAnalyzer")
def create(call: Call) -> Answer:
    name = call.params["analyzerName"]
    arn = call.arn(f"analyzer/{name}").replace(":accessanalyzer:", ":access-analyzer:")
    call.store("analyzers")[name] = {
        "arn": arn,
        "name": name,
        "type": call.params["type"],
        "createdAt": time.time(),
        "status": "ACTIVE",
        "configuration": call.params.get("configuration"),
    }
    tag_new(call, arn, call.params.get("tags"))
    return {"arn": arn}


@answers("accessanalyzer", "GetAnalyzer")
def get(call: Call) -> Answer:
    name = call.params["analyzerName"]
    if name not in call.store("analyzers"):
        raise Refused("ResourceNotFoundException", f"Analyzer {name} not found")
    analyzer = call.store("analyzers")[name]
    return {"analyzer": {**analyzer, "tags": call.store("tags").get(analyzer["arn"], {})}}


@answers("accessanalyzer", "ListAnalyzers")
def list_analyzers(call: Call) -> Answer:
    return {"analyzers": list(call.store("analyzers").values())}


@answers("accessanalyzer", "DeleteAnalyzer")
def delete(call: Call) -> None:
    call.store("analyzers").pop(call.params["analyzerName"], None)
