"""What answers a call: a function of ours, or moto, or moto with a function of ours that may change its answer.

Requests are read and answers written by AWS's own models of its APIs, which come with botocore: a function sees and returns dictionaries,
whether its service speaks JSON, XML or forms.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import botocore.awsrequest
import botocore.parsers
from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

ACCOUNT = "123456789012"

# What a request is signed for, where botocore calls the service otherwise.
SIGNED_FOR = {"access-analyzer": "accessanalyzer", "monitoring": "cloudwatch", "elasticloadbalancing": "elbv2"}

# Services that are in no region, whatever region a request is signed for.
GLOBAL = {"budgets", "ce", "chatbot", "cloudfront", "route53"}

Answer = dict[str, Any]


class Response(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Refused(ServiceException):
    """`Refused(code, message)` is an error as AWS answers it; the code has to be one of the service's model."""


@dataclass(frozen=True)
class Call:
    service: str
    operation: OperationModel
    region: str
    params: dict[str, Any]

    def store(self, kind: str) -> dict[str, Any]:
        """What there is of a kind, by a key of your choice."""
        return _stores[(self.service, "" if self.service in GLOBAL else self.region, kind)]

    def arn(self, resource: str) -> str:
        return f"arn:aws:{self.service}:{self.region}:{ACCOUNT}:{resource}"


_answers: dict[tuple[str, str], Callable[[Call], Answer | None]] = {}
_amendments: dict[tuple[str, str], list[Callable[[Call, Answer], None]]] = collections.defaultdict(list)
_stores: dict[tuple[str, str, str], dict[str, Any]] = collections.defaultdict(dict)


def answers(service: str, *operations: str):
    """The function answers these operations in moto's stead."""

    def register(function: Callable[[Call], Answer | None]):
        for operation in operations:
            assert (service, operation) not in _answers, f"two functions answer {operation} of {service}"
            _answers[(service, operation)] = function
        return function

    return register


def amends(service: str, *operations: str):
    """The function gets moto's answer, unless it is an error, and may change it."""

    def register(function: Callable[[Call, Answer], None]):
        for operation in operations:
            _amendments[(service, operation)].append(function)
        return function

    return register


def read(request: Request) -> Call | None:
    """The call that a request makes, if a function of ours is for it."""
    scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", request.headers.get("Authorization", ""))
    if not scope:
        return None
    region, service = scope.group(1), SIGNED_FOR.get(scope.group(2), scope.group(2))
    if not any(service == known for known, _ in [*_answers, *_amendments]):
        return None
    try:
        operation, labels = _operation(service, request)
    except HTTPException:
        return None
    if (service, operation.name) not in _answers and (service, operation.name) not in _amendments:
        return None
    parse = PROTOCOL_PARSERS[_protocol(service, request)](operation).parse
    params = parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": labels,
        }
    )
    return Call(service, operation, region, params)


def _operation(service: str, request: Request) -> tuple[OperationModel, dict[str, Any]]:
    # Go's SDK has a shorter prefix than botocore for some services.
    target = request.headers.get("X-Amz-Target")
    if target:
        return get_service_model(service).operation_model(target.split(".")[-1]), {}
    return get_service_router(service).match(request)


def answer(call: Call, request: Request) -> Response | None:
    """Our answer, or None if it is moto's to give."""
    function = _answers.get((call.service, call.operation.name))
    if function is None:
        return None
    try:
        return _write(call, request, function(call) or {})
    except ServiceException as error:
        return _write(call, request, error)


def amend(call: Call, request: Request, response: Response) -> Response:
    """Moto's answer, after our functions changed it."""
    functions = _amendments.get((call.service, call.operation.name), [])
    if response.status >= 300 or not functions:
        return response
    parser = botocore.parsers.create_parser(_protocol(call.service, request))
    headers = botocore.awsrequest.HeadersDict(response.headers)
    answer = parser.parse({"status_code": response.status, "headers": headers, "body": response.body}, call.operation.output_shape)
    del answer["ResponseMetadata"]
    for function in functions:
        function(call, answer)
    return _write(call, request, answer)


def _protocol(service: str, request: Request) -> str:
    return determine_request_protocol(get_service_model(service), request.content_type)


def _write(call: Call, request: Request, result: Answer | Exception) -> Response:
    serializer = get_serializer_class(call.service, _protocol(call.service, request))(call.operation)
    written = serializer.serialize(result)
    body = written["body"]
    return Response(written["status_code"], dict(written["headers"]), body.encode() if isinstance(body, str) else body)
