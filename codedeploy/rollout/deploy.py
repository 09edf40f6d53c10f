"""The command `deploy`."""

from __future__ import annotations

import argparse

from . import definitions, deployments, migration
from .ending import Misused
from .release import Release, gate_of, idle_slot, register, rendered_appspec, roll_out
from .session import Session, following, pairs, parser, run
from .waits import ALL_AT_ONCE

ABOUT = """\
deploy --environment NAME image=REPOSITORY@sha256:… commit=… deployment=… [breaking_changes=accepted]

Releases an image: reads the idle slot, registers the task definition, migrates, has the hooks' key made, suspends scaling, creates the deployment, follows it,
resumes scaling, and compares what runs with the image. codedeploy/README.md tells each step.
"""
NEEDED = {"image", "commit", "deployment"}


def main(arguments: list[str]) -> int:
    made = parser("deploy", ABOUT)
    made.add_argument("release", nargs="*", metavar="NAME=VALUE", help="the release's values: image, commit, deployment, breaking_changes (refused by default)")
    made.add_argument(
        "--without-migration", action="store_true", help="the schema stays as it is, and so does the hooks' key: for an older version, or the same one again"
    )
    made.add_argument(
        "--without-alarm", action="append", default=[], metavar="NAME", help="leave this alarm of the gate out, for the cure of what it fires about; repeatable"
    )
    made.add_argument("--strategy", choices=("canary", "linear", "all-at-once"), help="how traffic is shifted; the deployment group says, by default")
    following(made)
    return run(made, deploy, arguments)


def deploy(session: Session, options: argparse.Namespace) -> None:
    given = pairs(options.release, NEEDED | {"breaking_changes"})
    if missing := sorted(NEEDED - given.keys()):
        raise Misused(f"{', '.join(f'{name}=…' for name in missing)} must be given; see deploy --help")
    session.report.title = f"Release to {session.settings.environment}"
    deployments.refuse_if_under_way(session.aws, session.settings)
    slots, before, desired = idle_slot(session)
    gate = gate_of(session, slots.idle, options.without_alarm)
    values = {"breaking_changes": "refused", **given, "slot": slots.idle}
    definition, appspec = register(session, "release", definitions.render("taskdef.yaml", session.values, **values), rendered_appspec(session), values)
    if not options.without_migration:
        migrate(session, definition, options.poll)
    roll_out(
        session,
        Release(
            kind="deploy",
            image=given["image"],
            deployment=given["deployment"],
            definition=definition,
            slots=slots,
            before=before,
            gate=gate,
            configuration=configuration(session, options.strategy),
            appspec=appspec,
            desired=desired,
            poll=options.poll,
            patience=options.install_minutes * 60,
        ),
    )


def migrate(session: Session, definition: str, poll: float) -> None:
    with session.step("migrate"):
        migration.migrate(session.values, definition, poll)
    session.report.left.append("The schema is migrated, on which the running version works as well")
    with session.step("introspection key"):
        migration.provide_introspection_key(session.aws, session.settings)


def configuration(session: Session, strategy: str | None) -> str | None:
    return ALL_AT_ONCE if strategy == "all-at-once" else session.settings.rollout["configurations"][strategy] if strategy else None
