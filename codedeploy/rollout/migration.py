"""What has to be done to the database before a deployment: by `migrate`, and by the function of database_roles."""

from __future__ import annotations

import json
import pathlib
import signal
import subprocess

from .aws import Aws, AwsError
from .ending import Failed
from .interruption import Interrupted
from .settings import CODEDEPLOY, Settings
from .telling import say

# The function's own timeout, and the way there.
FUNCTION_SECONDS = 150


def migrate(values: pathlib.Path, definition: str, poll: float) -> None:
    command = [str(CODEDEPLOY / "migrate"), "--poll", str(max(1, min(5, int(poll)))), str(values), f"task_definition={definition}"]
    # Out of reach of the terminal's Ctrl-C, since it hears of it from here, whatever the signal.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        code = process.wait()
    except Interrupted as interrupted:
        process.send_signal(signal.SIGTERM if interrupted.code == 128 + signal.SIGTERM else signal.SIGINT)
        process.wait()
        raise
    if code == 2:
        raise Failed("the migration was not run: a value or a program is missing, see above")
    if code:
        raise Failed(
            "the schema may not be migrated, see above: no deployment was created, and the running version goes on. Mend the cause and repeat the command"
        )


def provide_introspection_key(aws: Aws, settings: Settings) -> None:
    """The hooks compare schemas by it. It is made after the first migration, and made anew if it does not work."""
    asked = settings.rollout["introspection"]
    if not asked:
        say("schemas are not compared here: no introspection key is needed")
        return
    remedy = "The schema is migrated, no deployment was created, and the running version goes on. Mend the cause and repeat the command"
    try:
        answer, result = aws.invoke(asked["function"], {"introspection_key": {"secret": asked["secret"]}}, FUNCTION_SECONDS)
    except AwsError as error:
        raise Failed(f"{asked['function']} could not be called for the introspection key: {error}. {remedy}") from error
    if answer.get("FunctionError"):
        raise Failed(f"{asked['function']} made no introspection key: {_message(result)}. {remedy}")
    say("the introspection key works" if _unchanged(result) else "the introspection key is made anew")


def _message(result: str) -> str:
    try:
        return json.loads(result)["errorMessage"]
    except (ValueError, KeyError, TypeError):
        return "it does not say why; see its log"


def _unchanged(result: str) -> bool:
    try:
        return not json.loads(result).get("changed")
    except (ValueError, AttributeError):
        return True
