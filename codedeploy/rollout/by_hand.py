"""The small commands, for whoever has to look, or to put in order what broke half-way."""

from __future__ import annotations

import argparse

from . import deployments, scaling, service, slots, verification, waits
from .ending import Failed, Misused, Unknown
from .release import answered, follow, follow_rollback
from .session import Session, done, following, pairs, parser, run
from .summary import links
from .telling import plain, say


def slot(arguments: list[str]) -> int:
    made = parser("slot", "Prints which slot is idle and which has the users, one `NAME=VALUE` a line.")

    def show(session: Session, _options: argparse.Namespace) -> None:
        found = slots.read(session.aws, session.settings)
        plain(f"idle={found.idle}\nlive={found.live}")

    return run(made, show, arguments)


def scale(arguments: list[str]) -> int:
    made = parser("scaling", "Suspends or resumes the service's scaling, or shows whether it is suspended.")
    made.add_argument("action", choices=("suspend", "resume", "show"))

    def act(session: Session, options: argparse.Namespace) -> None:
        before = scaling.state(session.aws, session.settings)
        if before is not None and options.action != "show":
            scaling.put(session.aws, session.settings, scaling.SUSPENDED if options.action == "suspend" else scaling.RESUMED)
        say(scaling.shown(scaling.state(session.aws, session.settings)))

    return run(made, act, arguments)


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
