"""What tests tell the emulator of the world, and what it tells of itself, under /emulator/. See README.md."""

from __future__ import annotations

import copy
import json
from typing import Any

from moto.core.request import Request

# What the world is like unless a test says otherwise. Times are in seconds.
PLAIN: dict[str, Any] = {
    # How long a minute of CodeDeploy lasts: of its canaries, timeouts and waits.
    "minute": 60,
    # How many of them CodeDeploy's own rollback takes; a moment at least.
    "rollback": 0,
    # By event: {"verdict": "Succeeded", "Failed" or "Silent", "after": seconds, "reasons": [...]}; a text is the verdict.
    "hooks": {},
    # What becomes of a candidate's tasks: "run", "crash" (again and again) or "hang" (they never start).
    "install": {"tasks": "run", "after": 0.2, "exitCode": 1, "log": []},
    # What becomes of a task that RunTask starts; `failures` are ECS' own, and then it starts none.
    "tasks": {"exitCode": 0, "after": 0.2, "stoppedReason": "Essential container in task exited", "log": ["no migration is missing"], "failures": []},
    # By name of a Lambda function: {"payload": what it answers, "error": "Unhandled"}.
    "functions": {},
}
SHORT = {"install": "tasks"}

told = copy.deepcopy(PLAIN)


class Misused(Exception):
    pass


def tell(world: dict[str, Any]) -> None:
    """Replaces what is named, and leaves the rest. What a part does not name is as in PLAIN."""
    for name, value in world.items():
        if name not in PLAIN:
            raise Misused(f"there is no {name!r} to tell; there are {', '.join(PLAIN)}")
        if name in SHORT and isinstance(value, str):
            value = {SHORT[name]: value}
        if isinstance(value, dict) and PLAIN[name] and not value.keys() <= PLAIN[name].keys():
            raise Misused(f"{name} has {', '.join(PLAIN[name])}, and not {', '.join(value.keys() - PLAIN[name].keys())}")
        told[name] = {**PLAIN[name], **value} if isinstance(value, dict) else value


def hook(event: str) -> dict[str, Any]:
    verdict = told["hooks"].get(event, {})
    return {"verdict": "Succeeded", "after": 0.1, "reasons": [], **({"verdict": verdict} if isinstance(verdict, str) else verdict)}


def answer(request: Request) -> tuple[int, Any]:
    from .services import lambda_

    match request.method, request.path.removeprefix("/emulator/"):
        case "GET", "health":
            return 200, {}
        case "GET", "invocations":
            return 200, lambda_.invocations
        case "GET", "world":
            return 200, told
        case "POST", "world":
            try:
                tell(json.loads(request.get_data()))
            except (Misused, ValueError) as error:
                return 400, {"message": str(error)}
            return 200, told
        case "DELETE", "world":
            told.update(copy.deepcopy(PLAIN))
            return 200, told
    return 404, {"message": f"{request.method} {request.path} is not there; see emulator/README.md"}
