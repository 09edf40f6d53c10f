"""The small commands, for whoever has to look, or to put in order what broke half-way."""

from __future__ import annotations

import argparse
import time

from . import deployments, scaling, service, slots, verification, waits
from .ending import Failed, Misused, Unknown
from .release import answered, follow, follow_rollback
from .session import Session, done, following, pairs, parser, run
from .summary import links
from .telling import plain, say

AGAIN = 120
"""Seconds after which scaling that is suspended for no deployment is looked at once more."""


def slot(arguments: list[str]) -> int:
    made = parser("slot", "Prints which slot is idle, which has the users, and the commit that they have, one `NAME=VALUE` a line.")

    def show(session: Session, _options: argparse.Namespace) -> None:
        found = slots.read(session.aws, session.settings)
        plain(f"idle={found.idle}\nlive={found.live}")
        plain(f"commit={service.live_version(session.aws, session.settings).commit}")

    return run(made, show, arguments)


def scale(arguments: list[str]) -> int:
    made = parser(
        "scaling", "Suspends or resumes the service's scaling, shows whether it is suspended, or checks it: fails if it is while no deployment is under way."
    )
    made.add_argument("action", choices=("suspend", "resume", "show", "check"))
    made.add_argument("--unless-under-way", action="store_true", help="resume nothing while a deployment is under way, which scaling can make fail")

    def act(session: Session, options: argparse.Namespace) -> None:
        if options.unless_under_way and options.action != "resume":
            raise Misused(f"--unless-under-way is resume's, and not for {options.action}")
        before = scaling.state(session.aws, session.settings)
        resume = f"codedeploy/scaling resume --environment {session.settings.environment}"
        if options.unless_under_way and (found := deployments.under_way(session.aws, session.settings)):
            say(f"{scaling.shown(before)}, and left so: deployment {found} is under way. Once it has ended, and scaling is still suspended: {resume}")
            return
        if before is not None and options.action in ("suspend", "resume"):
            scaling.put(session.aws, session.settings, scaling.SUSPENDED if options.action == "suspend" else scaling.RESUMED)
        if options.action == "check" and left_suspended(session):
            # A command suspends it shortly before its deployment is there, and resumes it shortly after.
            time.sleep(AGAIN)
            if left := left_suspended(session):
                raise Unknown(f"{left}, while no deployment is under way: a command was killed, or somebody wants it so. If nobody does: {resume}")
        say(scaling.shown(scaling.state(session.aws, session.settings)))

    return run(made, act, arguments)


def left_suspended(session: Session) -> str | None:
    """What of it, although no deployment is under way."""
    now = scaling.state(session.aws, session.settings)
    return scaling.shown(now) if now and any(now.values()) and not deployments.under_way(session.aws, session.settings) else None


def follow_command(arguments: list[str]) -> int:
    made = parser("follow", "Follows a deployment to its end, and what takes it back to its own. It changes nothing: scaling stays as it is.")
    made.add_argument("deployment", nargs="?", metavar="ID", help="d-…; the one that is under way, by default")
    following(made)

    def look(session: Session, options: argparse.Namespace) -> None:
        deployment = options.deployment or deployments.under_way(session.aws, session.settings)
        if not deployment:
            done(session, "no deployment is under way")
            return
        session.report.title = f"Deployment {deployment} of {session.settings.environment}"
        info = deployments.get(session.aws, deployment)
        allowed = waits.read(session.aws, session.settings, info.get("deploymentConfigName"), len(session.settings.rollout["hooks"]))
        followed = follow(session, deployment, options.poll, allowed.limit)
        session.report.facts += links(session.settings)
        with answered(deployment):
            if not followed.succeeded:
                follow_rollback(session, followed, options.poll)
            users = f"users are with {service.live_version(session.aws, session.settings)}"
        if not followed.succeeded:
            error = followed.info.get("errorInformation") or {}
            raise Failed(f"{deployment}: {followed.info['status']}: {error.get('code', '')}: {error.get('message', '')} Now {users}")
        done(session, f"{deployment} succeeded: {users}")

    return run(made, look, arguments)


def verify(arguments: list[str]) -> int:
    made = parser("verify", "Compares what users are with, the PRIMARY task set and the listener, with an image.")
    made.add_argument("image", metavar="image=REPOSITORY@sha256:…")

    def compare(session: Session, options: argparse.Namespace) -> None:
        image = pairs([options.image], {"image"})["image"]
        if "@sha256:" not in image:
            raise Misused(f"image is {image}, but must be an image by digest, REPOSITORY@sha256:…")
        if wrong := verification.problems(session.aws, session.settings, image):
            raise Unknown("; ".join(wrong))
        done(session, f"users are with {verification.digest(image)}")

    return run(made, compare, arguments)
