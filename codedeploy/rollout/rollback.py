"""The command `rollback`."""

from __future__ import annotations

import argparse
import json
import os
import time
from typing import Any

from . import definitions, deployments, diagnosis, history, scaling, service, templates, verification, waits
from .definitions import Version
from .ending import Misused, Refused, Unknown
from .following import where_to_look
from .release import Release, answered, follow, follow_rollback, idle_slot, register, rendered_appspec, roll_out, rollback_limit
from .session import Session, done, following, pairs, parser, run
from .telling import complain, say
from .waits import ALL_AT_ONCE

ABOUT = """\
rollback --environment NAME [to=DIGEST|COMMIT]

Gives users the version before. A deployment that is under way is stopped and taken back. Otherwise the version before the present one (or `to`) is registered anew
as it ran, but with the slot that is idle now, and deployed to all users at once. No migration, and no alarm may stop it: it works while all of them fire. What the task
is made of (sizes, roles, database) is as it was then, whatever Terraform has changed since; `deploy` brings an old image with today's.
"""


def main(arguments: list[str]) -> int:
    made = parser("rollback", ABOUT)
    made.add_argument("values_given", nargs="*", metavar="NAME=VALUE", help="to=DIGEST or to=COMMIT, or their beginning; deployment=, what it is called")
    made.add_argument(
        "--without-hooks",
        action="store_true",
        help="nothing judges the version, either: if a hook fails for what is not the version's fault, such as telemetry",
    )
    following(made)
    return run(made, rollback, arguments)


def rollback(session: Session, options: argparse.Namespace) -> None:
    given = pairs(options.values_given, {"to", "deployment"})
    session.report.title = f"Rollback of {session.settings.environment}"
    if under_way := deployments.under_way(session.aws, session.settings):
        took_back = take_back(session, under_way, options.poll)
        if took_back and "to" not in given:
            return
    slots, present, desired = idle_slot(session)
    version = target(session, present, given.get("to"))
    if version.digest == present.digest:
        done(session, f"users are with {present} already: nothing is deployed")
        return
    say(f"back to {version}")
    name = given.get("deployment") or default_name()
    templates.check("deployment", name)
    again, specification = definitions.again(session.aws, version.definition, slot=slots.idle, deployment=name), appspec(session)
    if options.without_hooks:
        specification.pop("Hooks", None)
    elif not specification.get("Hooks"):
        raise Misused(
            "the AppSpec of what users have names no hooks, and today's needs what Terraform has not written: add --without-hooks if nothing is to judge the version, or apply Terraform"
        )
    definition, content = register(session, "rollback", again, specification, {"image": version.image, "commit": version.commit, "deployment": name})
    roll_out(
        session,
        Release(
            kind="rollback",
            image=version.image,
            deployment=name,
            definition=definition,
            slots=slots,
            before=present,
            gate=[],
            configuration=ALL_AT_ONCE,
            appspec=content,
            desired=desired,
            poll=options.poll,
            patience=options.install_minutes * 60,
        ),
    )


def appspec(session: Session) -> dict[str, Any]:
    """Today's. If Terraform has not written yet what its template wants, that of the deployment that brought what users have."""
    missing = templates.names("appspec.yaml") - session.settings.values.keys() - {"task_definition"}
    if missing:
        brought_by = service.primary(service.describe_service(session.aws, session.settings)).get("externalId")
        content = deployments.appspec_of(session.aws, session.settings, deployments.get(session.aws, brought_by)) if brought_by else None
        # What the commands make is JSON. Somebody else's YAML is not read here.
        if content and content.startswith("{"):
            complain(f"Terraform has not written {', '.join(sorted(missing))} yet: taking the AppSpec of {brought_by}, which brought what users have")
            return json.loads(content)
    return rendered_appspec(session)


def default_name() -> str:
    run = os.environ.get("GITHUB_RUN_ID")
    return f"rollback-{run}-{os.environ.get('GITHUB_RUN_ATTEMPT', '1')}" if run else f"rollback-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"


def target(session: Session, present: Version, wanted: str | None) -> Version:
    with session.step("find the version"):
        found = history.choose(session.aws, session.settings, present, wanted)
    if found and not found.digest:
        raise Refused(f"{found.definition}, which would be put back, is no release: its image is not named by digest. Name another: to=DIGEST or to=COMMIT")
    if found:
        return found
    what = (
        f"no deployment of {wanted} has succeeded" if wanted else f"there is no version before {present} but what Terraform began with, which to=DIGEST names"
    )
    raise Refused(
        f"{what}. Or deploy what you mean: codedeploy/deploy --environment {session.settings.environment} --without-migration --strategy all-at-once "
        "image=… commit=… deployment=… breaking_changes=accepted"
    )


def take_back(session: Session, deployment: str, poll: float) -> bool:
    """Stops what is under way, and waits until users are where they were. False if it ended just before."""
    info = deployments.get(session.aws, deployment)
    session.report.facts.append(("stopped", f"{deployment}, {info.get('description') or 'not described'}"))
    with scaling.suspended_if_possible(session.aws, session.settings, session.report.stuck.append, lambda why: session.report.facts.append(("scaling", why))):
        session.report.left[:] = [where_to_look(session.settings, deployment)]
        # What is stopped ends at once, or with the lifecycle event that it is in.
        limit = waits.EVENT + waits.SLACK
        if info.get("creator") == deployments.BY_CODEDEPLOY:
            say(f"{deployment} is CodeDeploy's own rollback already: following it")
            limit = rollback_limit(session)
        elif deployments.stop(session.aws, deployment):
            say(f"{deployment} is told to stop and to be taken back")
        else:
            session.report.left.clear()
            return False
        followed = follow(session, deployment, poll, limit)
        if followed.succeeded and info.get("creator") != deployments.BY_CODEDEPLOY:
            say(f"{deployment} had ended before it could be stopped")
            return False
        session.report.causes += diagnosis.causes(session.aws, session.settings, followed, [], [])
        with answered(deployment):
            if not followed.succeeded:
                follow_rollback(session, followed, poll)
    with answered(deployment):
        check(session, stopped_definition(session, info), deployment)
    return True


def stopped_definition(session: Session, info: dict[str, Any]) -> str | None:
    """The task definition that users must not be with any more. That of CodeDeploy's own rollback is the one that they are to have: what it takes back counts."""
    if info.get("creator") == deployments.BY_CODEDEPLOY:
        taken_back = info.get("rollbackInfo", {}).get("rollbackTriggeringDeploymentId")
        if not taken_back:
            return None
        info = deployments.get(session.aws, taken_back)
    return deployments.definition_of(session.aws, session.settings, info)


def check(session: Session, stopped: str | None, deployment: str) -> None:
    version = service.live_version(session.aws, session.settings)
    wrong = verification.problems(session.aws, session.settings, version.image)
    if stopped and version.definition.endswith(f"/{stopped.rpartition('/')[2]}"):
        wrong.append(f"the PRIMARY task set is still that of {stopped.rpartition('/')[2]}")
    if wrong:
        raise Unknown(f"{deployment} was stopped, but {'; '.join(wrong)}. Now: docs/runbooks/stuck-deployment.md")
    session.report.facts.append(("users", str(version)))
    done(session, f"{deployment} is taken back: users are with {version}")
