"""Lambda: functions are not run, but it is told that they were invoked. Moto forgets where a function logs to."""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import lambda_backends

from ..calls import ACCOUNT, Answer, Call, amends, answers

# In the order of the calls; GET /emulator/invocations tells them.
invocations: list[dict[str, Any]] = []


@answers("lambda", "Invoke")
def invoke(call: Call) -> Answer:
    name = call.params["FunctionName"].split(":")[-1]
    lambda_backends[ACCOUNT][call.region].get_function(name)
    payload = call.params.get("Payload") or b""
    invocations.append({"region": call.region, "function": name, "payload": payload.decode()})
    return {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": b"{}"}


@amends("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def remember(call: Call, answer: Answer) -> None:
    logging = call.store("logging").setdefault(answer["FunctionName"], {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{answer['FunctionName']}"})
    logging.update(call.params.get("LoggingConfig") or {})
    answer["LoggingConfig"] = logging


@amends("lambda", "GetFunction", "GetFunctionConfiguration")
def recall(call: Call, answer: Answer) -> None:
    configuration = answer.get("Configuration", answer)
    configuration["LoggingConfig"] = call.store("logging")[configuration["FunctionName"]]


@answers("lambda", "GetFunctionCodeSigningConfig")
def code_signing(call: Call) -> Answer:
    return {"FunctionName": call.params["FunctionName"]}
