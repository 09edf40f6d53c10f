"""An emulator as a process, and clients of it that are not Terraform's."""

from __future__ import annotations

import functools
import json
import pathlib
import subprocess
import sys
import urllib.request
from typing import Any

import boto3
import botocore.config

REGION, REPLICA, GLOBAL = "eu-west-1", "eu-central-1", "us-east-1"
ACCOUNT = "123456789012"


class Emulator:
    def __init__(self, log: pathlib.Path) -> None:
        tests = pathlib.Path(__file__).resolve().parents[1]
        # Threads of its own for what it does not expect, so that a failure is in the test's output.
        self.errors = log.with_suffix(".err").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "emulator", "0", "--log", str(log)],
            cwd=tests,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url, f"the emulator did not start, see {self.errors.name}"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    @functools.cache  # noqa: B019 -- there are two in a run
    def client(self, service: str, region: str = REGION) -> Any:
        config = botocore.config.Config(proxies={"http": self.url}, s3={"addressing_style": "path"}, retries={"max_attempts": 1})
        return boto3.client(
            service,
            region,
            endpoint_url="http://aws.emulator",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=config,
        )

    def all(self, service: str, operation: str, key: str, region: str = REGION, **arguments: Any) -> list[Any]:
        """What an operation lists, over all pages."""
        client = self.client(service, region)
        pages = client.get_paginator(operation).paginate(**arguments) if client.can_paginate(operation) else [getattr(client, operation)(**arguments)]
        return [item for page in pages for item in functools.reduce(lambda found, name: found.get(name, {}), key.split("."), page) or []]

    def invocations(self) -> list[dict[str, Any]]:
        return self._ask("GET", "invocations")

    def tell(self, **world: Any) -> None:
        """What is to happen: see the emulator's README.md."""
        self._ask("POST", "world", world)

    def forget(self) -> None:
        """Everything goes well again."""
        self._ask("DELETE", "world")

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(f"{self.url}/emulator/{path}", json.dumps(body).encode() if body else None, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            return json.load(answer)
