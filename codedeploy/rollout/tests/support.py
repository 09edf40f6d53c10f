"""An AWS whose answers are told, and settings."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any

from rollout.aws import Aws, AwsError
from rollout.settings import Settings

SETTINGS = Settings(
    "staging",
    "eu-west-1",
    {"log_group": "/taproom-staging/service"},
    {
        "application": "taproom-staging",
        "group": "taproom-staging",
        "cluster": "taproom-staging",
        "service": "taproom-staging",
        "scaling": "service/taproom-staging/taproom-staging",
        "listener": "arn:aws:elb:x:y:listener/taproom-staging/3",
        "target_groups": {"blue": "arn:aws:elb:x:y:targetgroup/taproom-staging-blue/1", "green": "arn:aws:elb:x:y:targetgroup/taproom-staging-green/2"},
        "gate": {"blue": ["b"], "green": ["g"], "shared": ["s"]},
        "hooks": {"AfterAllowTestTraffic": {}, "AfterAllowTraffic": {}},
        "dashboards": {"ops": "taproom-staging-ops"},
        "url": "https://api.example.com",
    },
)


def refusal(code: str, message: str = "no") -> AwsError:
    return AwsError("aws x y", f"An error occurred ({code}) when calling the Y operation (reached max retries: 4): {message}")


class Told(Aws):
    """Answers by operation, one after the other; the last one again and again. An error is raised."""

    def __init__(self, **answers: Any) -> None:
        super().__init__("eu-west-1")
        self.answers = {name.replace("_", "-"): list(value) if isinstance(value, list) else [value] for name, value in answers.items()}
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def call(self, service: str, operation: str, **given: Any) -> dict[str, Any]:
        self.calls.append((operation, given))
        answers = self.answers[operation]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def count(self, operation: str) -> int:
        return sum(called == operation for called, _ in self.calls)


@contextlib.contextmanager
def quiet() -> Iterator[io.StringIO]:
    """What is said, instead of saying it."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        yield said
