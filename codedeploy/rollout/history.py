"""Which version was before: what users had, by CodeDeploy's history of what succeeded."""

from __future__ import annotations

import concurrent.futures
import datetime
from dataclasses import dataclass

from . import deployments
from .aws import Aws, AwsError, moment
from .definitions import Version, describe
from .service import describe_service
from .settings import Settings

# Mostly the version before is young. Beyond this, everything is read.
RECENT = datetime.timedelta(days=14)
# What Terraform calls the deployment of the definition that it registers so that there is a service at all.
FIRST = "terraform"


@dataclass(frozen=True)
class Entry:
    created: datetime.datetime
    version: Version
    taken_back: bool
    """Whether it put an older version back."""


def line(entries: list[Entry]) -> list[Version]:
    """The versions that are built on each other, the newest last. What was taken back is in it no more, or a second rollback would bring it again."""
    standing: list[Version] = []
    for entry in sorted(entries, key=lambda entry: entry.created):
        if entry.taken_back and any(version.digest == entry.version.digest for version in standing):
            while standing[-1].digest != entry.version.digest:
                standing.pop()
        if standing and standing[-1].digest == entry.version.digest:
            standing.pop()
        standing.append(entry.version)
    return standing


def before(entries: list[Entry], present: Version) -> Version | None:
    """The version that users had before the present one. Terraform's is there to begin with, and no release."""
    standing = [version for version in line(entries) if version.deployment != FIRST]
    for place in range(len(standing) - 1, -1, -1):
        if standing[place].digest == present.digest:
            return next((version for version in reversed(standing[:place]) if version.digest != present.digest), None)
    # The present one came by another way, and is on top of all.
    return standing[-1] if standing else None


def named(entries: list[Entry], wanted: str) -> Version | None:
    """The newest whose digest or commit begins so."""
    newest_first = sorted(entries, key=lambda entry: entry.created, reverse=True)
    return next((entry.version for entry in newest_first if is_named(entry.version, wanted)), None)


def is_named(version: Version, wanted: str) -> bool:
    wanted = wanted.rpartition("@")[2]
    return any(name.startswith(wanted) for name in (version.digest, version.digest.removeprefix("sha256:"), version.commit))


def read(aws: Aws, settings: Settings, *, recent: bool) -> list[Entry]:
    since = {"createTimeRange": {"start": (datetime.datetime.now(datetime.timezone.utc) - RECENT).isoformat()}} if recent else {}
    found = deployments.ids(aws, settings, includeOnlyStatuses=["Succeeded"], **since)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return [entry for entry in pool.map(lambda deployment: _entry(aws, settings, deployment), found) if entry]


def _entry(aws: Aws, settings: Settings, deployment: str) -> Entry | None:
    info = deployments.get(aws, deployment)
    created = moment(info.get("createTime"))
    # CodeDeploy's own rollbacks put back what the deployment before them had not yet replaced.
    definition = None if info.get("creator") == deployments.BY_CODEDEPLOY else deployments.definition_of(aws, settings, info)
    if not definition or not created:
        return None
    try:
        return Entry(created, describe(aws, definition), (info.get("description") or "").startswith("rollback "))
    except AwsError:
        # Deregistered and deleted: that version cannot be put back from here.
        return None


def choose(aws: Aws, settings: Settings, present: Version, wanted: str | None) -> Version | None:
    for recent in (True, False):
        entries = read(aws, settings, recent=recent)
        if found := named(entries, wanted) if wanted else before(entries, present):
            return found
    return _first(aws, settings, wanted) if wanted else None


def _first(aws: Aws, settings: Settings, wanted: str) -> Version | None:
    """What Terraform made the service with, for who asks for it by name: it is what the service's own `taskDefinition` still says."""
    said = describe_service(aws, settings).get("taskDefinition")
    first = describe(aws, said) if said else None
    return first if first and is_named(first, wanted) else None
