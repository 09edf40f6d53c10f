"""AWS by its CLI, version 1 or 2. Not by a library: the commands then run wherever a person has the CLI, with whatever login it knows."""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import re
import subprocess
import tempfile
from typing import Any

from .ending import Misused

ERROR = re.compile(r"An error occurred \(([\w.]+)\) when calling the \w+ operation(?: \([^)]*\))?: (.*)", re.DOTALL)
# What the CLI finds wrong without asking AWS.
OURS = re.compile(r"Parameter validation failed|Unable to locate credentials|Unknown options|Invalid choice|partial credentials|could not be found")
THROTTLED = {"Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "TooManyRequestsException", "RequestThrottled"}
PASSING = THROTTLED | {
    "InternalFailure",
    "InternalServerError",
    "InternalServiceError",
    "ServerException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "RequestTimeout",
}
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "UnrecognizedClientException", "InvalidClientTokenId"}


class AwsError(Exception):
    """`code` is AWS's, or None if there was no answer."""

    def __init__(self, call: str, text: str) -> None:
        found = ERROR.search(text)
        self.code = found.group(1) if found else None
        # The CLI's last line; before it may be warnings.
        self.message = " ".join((found.group(2) if found else text.strip().splitlines()[-1] if text.strip() else "the AWS CLI says nothing").split())
        self.unanswered = not found and not OURS.search(text)
        super().__init__(f"{call}: {f'{self.code}: ' if self.code else ''}{self.message}")

    @property
    def passing(self) -> bool:
        """Whether the same call may succeed later."""
        return self.unanswered or self.code in PASSING or bool(self.code and self.code.isdigit() and self.code >= "500")

    @property
    def expired(self) -> bool:
        return self.code in EXPIRED


class Aws:
    def __init__(self, region: str | None) -> None:
        self.region = region
        # A dropped connection or a throttled request is no failed release.
        self.environment = {"AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "8", **os.environ, "AWS_PAGER": ""}

    def call(self, service: str, operation: str, *, once: bool = False, arguments: tuple[str, ...] = (), **given: Any) -> dict[str, Any]:
        """What AWS answers. `once`: without the CLI's own retries, for what must not happen twice."""
        command = ["aws", "--output", "json", *(["--region", self.region] if self.region else []), service, operation, *arguments]
        if given:
            command += ["--cli-input-json", json.dumps(given)]
        environment = {**self.environment, "AWS_MAX_ATTEMPTS": "1"} if once else self.environment
        try:
            # A session of its own: Ctrl-C is ours to hear, and leaves no call half done.
            done = subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, start_new_session=True)
        except FileNotFoundError as error:
            raise Misused("the AWS CLI is missing; install it: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html") from error
        if done.returncode:
            raise AwsError(f"aws {service} {operation}", done.stderr)
        try:
            return json.loads(done.stdout) if done.stdout.strip() else {}
        except ValueError as error:
            raise AwsError(f"aws {service} {operation}", "the answer is no JSON") from error

    def object(self, bucket: str, key: str, owner: str) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "object")
            self.call("s3api", "get-object", arguments=("--bucket", bucket, "--key", key, "--expected-bucket-owner", owner, str(file)))
            return file.read_bytes()

    def invoke(self, function: str, event: dict[str, Any], timeout: int) -> tuple[dict[str, Any], str]:
        """How Lambda called the function, and what that said."""
        with tempfile.TemporaryDirectory() as folder:
            payload, result = pathlib.Path(folder, "payload"), pathlib.Path(folder, "result")
            payload.write_text(json.dumps(event))
            # fileb: version 2 would take other texts for base64, and version 1 does not know the option that says otherwise.
            arguments = ("--function-name", function, "--payload", f"fileb://{payload}", "--cli-read-timeout", str(timeout), str(result))
            answer = self.call("lambda", "invoke", arguments=arguments)
            return answer, result.read_text() if result.exists() else ""


def moment(value: Any) -> datetime.datetime | None:
    """A time as the CLI prints it: version 1 in seconds, version 2 in words."""
    if value in (None, ""):
        return None
    if isinstance(value, (int, float)):
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    found = datetime.datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=datetime.timezone.utc)
