"""Whether users are with what was meant: the last word is ECS' and the listener's, not CodeDeploy's."""

from __future__ import annotations

from . import slots
from .aws import Aws
from .definitions import describe
from .service import describe_service, digests, primary, tasks
from .settings import Settings


def problems(aws: Aws, settings: Settings, image: str, *, definition: str | None = None, slot: str | None = None) -> list[str]:
    """What is not as it should be, in sentences; none if all is well."""
    found = []
    task_set = primary(describe_service(aws, settings))
    version = describe(aws, task_set["taskDefinition"])
    if digest(version.image) != digest(image):
        found.append(f"the PRIMARY task set runs {version.image}, and not {image}")
    if definition and task_set["taskDefinition"] != definition:
        found.append(f"the PRIMARY task set is of {task_set['taskDefinition']}, and not of {definition}")
    running = digests(tasks(aws, settings, task_set["taskDefinition"], "RUNNING"))
    if running - {digest(image)}:
        found.append(f"its tasks run {', '.join(sorted(running))}, and not {digest(image)}")
    try:
        live = slots.read(aws, settings).live
        if slot and live != slot:
            found.append(f"users are in {live}, and not in {slot}")
    except slots.InBetween as error:
        found.append(str(error))
    return found


def digest(image: str) -> str:
    return image.rpartition("@")[2]
