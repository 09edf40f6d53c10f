"""The server: one call at a time, ours or moto's."""

from __future__ import annotations

import collections
import importlib
import io
import json
import os
import pathlib
import pkgutil
import re
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

# Moto reads these when it is imported. It is to know AWS's own policies, and to validate certificates at once.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "0")
# Clients come by a proxy, see README.md: a host says nothing.
os.environ.setdefault("S3_IGNORE_SUBDOMAIN_BUCKETNAME", "true")

import waitress
from moto.core.request import Request
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from . import calls, clock, control, services
from .calls import Response

# How many answers are kept for a client that asks again, see `Application.answer`.
KEPT = 1_000


class Application:
    def __init__(self, log: str | None) -> None:
        for module in pkgutil.iter_modules(services.__path__):
            importlib.import_module(f"{services.__name__}.{module.name}")
        self.moto = DomainDispatcherApplication(create_backend_app)
        # Moto's dictionaries do not stand several writers, and Python would run one at a time anyway.
        self.lock = threading.RLock()
        self.answered: collections.OrderedDict[str, Response] = collections.OrderedDict()
        self.log = pathlib.Path(log).open("a", buffering=1) if log else None  # noqa: SIM115 -- as long as the server

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        environ.setdefault("RAW_URI", environ.get("REQUEST_URI") or environ["PATH_INFO"])
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read())
        since = time.monotonic()
        with self.lock:
            clock.advance()
            waited = time.monotonic() - since
            response = self.answer(Request(environ))
        if self.log:
            self.note(environ, response, waited, time.monotonic() - since - waited)
        headers = {name: value for name, value in response.headers.items() if name.lower() not in ("content-length", "connection")}
        start_response(
            f"{response.status} {'OK' if response.status < 400 else 'Error'}",
            [*headers.items(), ("Content-Length", str(len(response.body)))],
        )
        return [response.body]

    def answer(self, request: Request) -> Response:
        """Go's SDK at times loses an answer and asks again, and would then hear that what it just made is already there: it hears the first answer again.

        https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
        """
        invocation = request.headers.get("amz-sdk-invocation-id")
        if invocation in self.answered:
            return self.answered[invocation]
        response = self.first_answer(request)
        if invocation and response.status < 500:
            self.answered[invocation] = response
            if len(self.answered) > KEPT:
                self.answered.popitem(last=False)
        return response

    def first_answer(self, request: Request) -> Response:
        if request.path.startswith("/emulator/"):
            status, told = control.answer(request)
            return Response(status, {"Content-Type": "application/json"}, json.dumps(told).encode())
        call = calls.read(request)
        if call is None:
            return self.ask_moto(request)
        return calls.answer(call, request) or calls.amend(call, request, self.ask_moto(request))

    def ask_moto(self, request: Request) -> Response:
        status, headers = 0, {}

        def start_response(line: str, pairs: list[tuple[str, str]], _: Any = None) -> None:
            nonlocal status, headers
            status, headers = int(line.split()[0]), dict(pairs)

        request.environ["wsgi.input"].seek(0)
        body = b"".join(self.moto(request.environ, start_response))
        return Response(status, headers, body)

    def note(self, environ: dict[str, Any], response: Response, waited: float, took: float) -> None:
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        scope = environ.get("HTTP_AUTHORIZATION", "").split("/")
        print(
            f"{time.time():.2f}",
            response.status,
            *scope[2:4],
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            target or self.action(environ),
            f"{waited:.3f} {took:.3f}",
            file=self.log,
        )
        if response.status >= 400:
            print("   ", response.body[:2_000], file=self.log)

    @staticmethod
    def action(environ: dict[str, Any]) -> str:
        form = re.search(rb"(?:^|&)Action=(\w+)", environ["wsgi.input"].getvalue())
        return form.group(1).decode() if form else "-"


def run(port: int, log: str | None) -> None:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(1_024)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    waitress.serve(Application(log), sockets=[listener], threads=16, channel_timeout=600)
