"""Lambda: functions are not run, but it is told that they were invoked. Moto forgets where a function logs to."""

from __future__ import annotations

import json
from typing import Any

from moto.awslambda.models import lambda_backends

from .. import control
from ..calls import ACCOUNT, Answer, Call, amends, answers

# In the order of the calls; GET /emulator/invocations tells them.
invocations: list[dict[str, Any]] = []

# By region and name.
_logging: dict[tuple[str, str], Answer] = {}


@answers("lambda", "Invoke")
def invoke(call: Call) -> Answer:
    name = call.params["FunctionName"].split(":")[-1]
    lambda_backends[ACCOUNT][call.region].get_function(name)
    payload = call.params.get("Payload") or b""
    invocations.append({"region": call.region, "function": name, "payload": payload.decode()})
    told = control.told["functions"].get(name, {})
    failed = {"FunctionError": told["error"]} if "error" in told else {}
    return {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": json.dumps(told.get("payload", {})).encode(), **failed}


def log_group(region: str, function: str) -> str:
    return _logging[region, function]["LogGroup"]


@amends("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def remember(call: Call, answer: Answer) -> None:
    logging = _logging.setdefault((call.region, answer["FunctionName"]), {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{answer['FunctionName']}"})
    logging.update(call.params.get("LoggingConfig") or {})
    answer["LoggingConfig"] = logging


@amends("lambda", "GetFunction", "GetFunctionConfiguration")
def recall(call: Call, answer: Answer) -> None:
    configuration = answer.get("Configuration", answer)
    configuration["LoggingConfig"] = _logging[call.region, configuration["FunctionName"]]


@answers("lambda", "GetFunctionCodeSigningConfig")
def code_signing(call: Call) -> Answer:
    return {"FunctionName": call.params["FunctionName"]}
