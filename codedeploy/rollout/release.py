"""From a registered task definition to users: what `deploy` and `rollback` have in common."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import alarms, definitions, deployments, diagnosis, interruption, scaling, service, slots, verification, waits
from .aws import AwsError
from .definitions import Version
from .ending import Failed, Refused, Unknown
from .following import Followed, Follower, rollback_of, where_to_look
from .session import Session, done
from .slots import Slots
from .summary import links
from .telling import complain, say
from .waits import Waits
from .watchdog import Watchdog


@dataclass(frozen=True)
class Release:
    kind: str
    image: str
    deployment: str
    definition: str
    slots: Slots
    before: Version
    gate: list[str]
    """Alarms that may stop it; none for a cure."""
    configuration: str | None
    appspec: str
    desired: int
    poll: float
    patience: float

    def request(self) -> dict[str, Any]:
        judged_by = {"enabled": True, "ignorePollAlarmFailure": False, "alarms": [{"name": name} for name in self.gate]}
        request = {
            "description": deployments.describe(self.kind, self.definition, self.deployment),
            "revision": {"revisionType": "AppSpecContent", "appSpecContent": {"content": self.appspec}},
            "overrideAlarmConfiguration": judged_by if self.gate else {"enabled": False, "alarms": []},
        }
        return {**request, "deploymentConfigName": self.configuration} if self.configuration else request


def idle_slot(session: Session) -> tuple[Slots, Version, int]:
    """Where users are and are not, what serves them, and how many tasks are wanted."""
    found = slots.read(session.aws, session.settings)
    described = service.describe_service(session.aws, session.settings)
    version = definitions.describe(session.aws, service.primary(described)["taskDefinition"])
    say(f"users are in {found.live}, with {version}; {found.idle} is idle")
    session.report.facts += [("before", f"{version}, in {found.live}"), ("slot", found.idle)]
    return found, version, described.get("desiredCount", 1)


def rendered_appspec(session: Session) -> dict[str, Any]:
    """Of no task definition yet, so that all that can be wrong with a value shows before one is registered."""
    return definitions.render("appspec.yaml", session.values, task_definition="arn:aws:ecs:region:account:task-definition/family:1")


def register(session: Session, kind: str, definition: dict[str, Any], appspec: dict[str, Any], release: dict[str, str]) -> tuple[str, str]:
    """The task definition's ARN, and the AppSpec that names it."""
    with session.step("register"):
        registered = definitions.register(session.aws, definition)
    say(f"registered {registered}")
    session.report.left[:] = [f"{registered} is registered, and nobody runs it: nothing has to be done about it. No deployment was created"]
    session.report.facts += [
        ("image", release["image"]),
        ("commit", release["commit"]),
        (kind, release["deployment"]),
        ("task definition", registered.rpartition("/")[2]),
    ]
    (resource,) = appspec["Resources"]
    (service,) = resource.values()
    service["Properties"]["TaskDefinition"] = registered
    return registered, json.dumps(appspec)


def roll_out(session: Session, release: Release) -> None:
    hooks = len(json.loads(release.appspec).get("Hooks", []))
    allowed = waits.read(session.aws, session.settings, release.configuration, hooks)
    still_as_it_was(session, release)
    with scaling.suspended(session.aws, session.settings, session.report.stuck.append):
        followed, watchdog = deploy(session, release, allowed)
        with answered(followed.id):
            if not followed.succeeded:
                take_stock(session, release, followed, watchdog.told())
    with answered(followed.id):
        verify(session, release)


@contextlib.contextmanager
def answered(deployment: str) -> Iterator[None]:
    """Once there is a deployment, a question that AWS does not answer leaves open where users are."""
    try:
        yield
    except AwsError as error:
        raise Unknown(f"deployment {deployment} has ended, but where users are cannot be seen: {error}. Look: codedeploy/slot, codedeploy/follow") from error


def still_as_it_was(session: Session, release: Release) -> None:
    """Much may have happened while the schema was migrated."""
    try:
        deployments.refuse_if_under_way(session.aws, session.settings)
        now = slots.read(session.aws, session.settings)
    except Refused as error:
        raise Failed(str(error)) from error
    if now != release.slots:
        raise Failed(f"users were in {release.slots.live} and are in {now.live} now: another deployment was quicker. Repeat the command")


def deploy(session: Session, release: Release, allowed: Waits) -> tuple[Followed, Watchdog]:
    with interruption.deferred():
        deployment = deployments.create(session.aws, session.settings, release.request())
        session.report.left[:] = [where_to_look(session.settings, deployment)]
    session.report.facts.append(("deployment", deployment))
    say(f"deployment {deployment} is created: {allowed}")
    watchdog = Watchdog(session.aws, session.settings, release.definition, release.desired, release.patience)
    return follow(session, deployment, release.poll, allowed.limit, watchdog), watchdog


def follow(session: Session, deployment: str, poll: float, limit: float, watchdog: Watchdog | None = None) -> Followed:
    follower = Follower(session.aws, session.settings, deployment, poll=poll, limit=limit, watchdog=watchdog)
    session.report.left[:] = [where_to_look(session.settings, deployment)]
    with session.step(f"follow {deployment}"):
        followed = follower.follow()
    session.report.left.clear()
    session.report.followed.append(followed)
    return followed


def take_stock(session: Session, release: Release, failed: Followed, stopped_tasks: list[str]) -> None:
    """Says why it failed, waits until it is taken back, and where users are then. Always raises."""
    causes = diagnosis.causes(session.aws, session.settings, failed, release.gate, stopped_tasks)
    for cause in causes:
        complain(cause)
    session.report.causes += causes
    follow_rollback(session, failed, release.poll)
    raise outcome_of_failure(session, failed, release.before, release.slots.live)


def follow_rollback(session: Session, failed: Followed, poll: float) -> None:
    if back := rollback_of(session.aws, session.settings, failed, poll):
        say(f"CodeDeploy takes it back by deployment {back}")
        follow(session, back, poll, rollback_limit(session))


def rollback_limit(session: Session) -> int:
    """In seconds. Whether hooks run in CodeDeploy's own rollback, and whether it keeps tasks, only a real account can show: as long as if both."""
    hooks = len(session.settings.rollout["hooks"])
    try:
        return waits.read(session.aws, session.settings, waits.ALL_AT_ONCE, hooks).limit
    except AwsError as error:
        # Users are on their way back, and following that matters more than how long.
        complain(f"how long CodeDeploy may take is not known ({error}): following it for longer than it should")
        return waits.EVENT * (3 + hooks) + waits.SLACK


def outcome_of_failure(session: Session, failed: Followed, before: Version, live: str) -> Exception:
    wrong = verification.problems(session.aws, session.settings, before.image, definition=before.definition, slot=live)
    if wrong:
        return Unknown(
            f"deployment {failed.id}: {failed.info['status']}, and it was not taken back whole: {'; '.join(wrong)}. Now: docs/runbooks/stuck-deployment.md"
        )
    return Failed(f"deployment {failed.id}: {failed.info['status']}. Users are with {before}, in {live}, as before")


def verify(session: Session, release: Release) -> None:
    with session.step("verify"):
        wrong = verification.problems(session.aws, session.settings, release.image, definition=release.definition, slot=release.slots.idle)
    if wrong:
        raise Unknown(f"CodeDeploy says that it succeeded, but {'; '.join(wrong)}. Look before anything else is deployed")
    session.report.facts += links(session.settings)
    done(session, f"users are with {verification.digest(release.image)}, in {release.slots.idle}: the PRIMARY task set's digest is the image's")


def gate_of(session: Session, idle: str, without: list[str]) -> list[str]:
    names = alarms.gate(session.settings, idle, without)
    alarms.refuse_if_firing(session.aws, names)
    say(f"{len(names)} alarms judge it: {', '.join(names)}")
    return names
