"""Scaling, suspended while CodeDeploy works: a service that changes its size in the middle can make a deployment fail."""

from __future__ import annotations

import contextlib
import os
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

from . import interruption
from .aws import Aws, AwsError
from .settings import Settings
from .telling import complain, say

ALL = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")
SUSPENDED, RESUMED = dict.fromkeys(ALL, True), dict.fromkeys(ALL, False)


def target(settings: Settings) -> dict[str, str]:
    return {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount", "ResourceId": settings.rollout["scaling"]}


def state(aws: Aws, settings: Settings) -> dict[str, bool] | None:
    """What is suspended, or None if the service is not scaled."""
    asked = target(settings)
    found = aws.call(
        "application-autoscaling",
        "describe-scalable-targets",
        ServiceNamespace=asked["ServiceNamespace"],
        ScalableDimension=asked["ScalableDimension"],
        ResourceIds=[asked["ResourceId"]],
    )["ScalableTargets"]
    return {name: bool(found[0].get("SuspendedState", {}).get(name)) for name in ALL} if found else None


def put(aws: Aws, settings: Settings, suspended: dict[str, bool]) -> None:
    """Minimum and maximum stay as they are: what is not named is not changed."""
    with interruption.deferred():
        aws.call("application-autoscaling", "register-scalable-target", **target(settings), SuspendedState=suspended)


def shown(suspended: dict[str, bool] | None) -> str:
    if suspended is None:
        return "the service is not scaled"
    names = [name.removesuffix("Suspended") for name in ALL if suspended[name]]
    return f"suspended: {', '.join(names)}" if names else "not suspended"


@contextlib.contextmanager
def suspended(aws: Aws, settings: Settings, on_stuck: Callable[[str], Any]) -> Iterator[None]:
    """Puts it back as it was, however this ends. `on_stuck` hears if it could not."""
    before = state(aws, settings)
    if before is None:
        say("the service is not scaled: nothing to suspend")
        yield
        return
    if before == SUSPENDED:
        # Ours or somebody else's: AWS does not say whose.
        complain(
            "scaling is suspended already, by a person, or by a command that was killed, and stays so. "
            f"If nobody meant it: codedeploy/scaling resume --environment {settings.environment}"
        )
    refused = False
    try:
        if before != SUSPENDED:
            try:
                _tell_the_job("suspended")
                put(aws, settings, SUSPENDED)
            except AwsError as error:
                # Unless AWS says no, it may have been done nevertheless.
                refused = not error.passing
                raise
            say("scaling is suspended")
        yield
    finally:
        if refused:
            _tell_the_job("as it was")
        else:
            _put_back(aws, settings, before, on_stuck)


@contextlib.contextmanager
def suspended_if_possible(aws: Aws, settings: Settings, on_stuck: Callable[[str], Any], on_failure: Callable[[str], Any]) -> Iterator[None]:
    """For what must not wait for it. `on_failure` hears if it could not be suspended."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(suspended(aws, settings, on_stuck))
        except AwsError as error:
            sentence = f"scaling could not be suspended ({error}), and may change the number of tasks meanwhile"
            complain(sentence)
            on_failure(sentence)
        yield


def _put_back(aws: Aws, settings: Settings, before: dict[str, bool], on_stuck: Callable[[str], Any]) -> None:
    if before == SUSPENDED:
        return
    try:
        put(aws, settings, before)
        _tell_the_job("as it was")
        say(f"scaling is as it was: {shown(before)}")
    except AwsError as error:
        sentence = f"scaling is still suspended ({error}). Resume it: codedeploy/scaling resume --environment {settings.environment}"
        complain(sentence)
        on_stuck(sentence)


def _tell_the_job(scaling: str) -> None:
    """For its next step, in case this command is killed before it can put back what it suspended.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-output-parameter
    """
    if file := os.environ.get("GITHUB_OUTPUT"):
        try:
            with pathlib.Path(file).open("a", encoding="utf-8") as outputs:
                outputs.write(f"scaling={scaling}\n")
        except OSError as error:
            complain(f"the job does not know whether scaling is suspended: {error}")
