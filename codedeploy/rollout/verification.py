"""Whether users are with what was meant: the last word is ECS' and the listener's, not CodeDeploy's."""

from __future__ import annotations

import time

from . import slots
from .aws import Aws
from .definitions import describe
from .service import describe_service, digests, primary, tasks
from .settings import Settings

# In seconds. Right after a deployment ECS may not tell yet what a task runs.
ATTEMPTS, PAUSE = 6, 10


def problems(aws: Aws, settings: Settings, image: str, *, definition: str | None = None, slot: str | None = None) -> list[str]:
    """What is not as it should be, in sentences; none if all is well."""
    found = []
    task_set = primary(describe_service(aws, settings))
    version = describe(aws, task_set["taskDefinition"])
    if digest(version.image) != digest(image):
        found.append(f"the PRIMARY task set runs {version.image}, and not {image}")
    if definition and task_set["taskDefinition"] != definition:
        found.append(f"the PRIMARY task set is of {task_set['taskDefinition']}, and not of {definition}")
    running = running_digests(aws, settings, task_set["taskDefinition"])
    if not running:
        found.append(f"none of its tasks tells which digest it runs, so that nothing proves that it is {digest(image)}")
    elif running != {digest(image)}:
        found.append(f"its tasks run {', '.join(sorted(running))}, and not {digest(image)}")
    try:
        live = slots.read(aws, settings).live
        if slot and live != slot:
            found.append(f"users are in {live}, and not in {slot}")
    except slots.InBetween as error:
        found.append(str(error))
    return found


def running_digests(aws: Aws, settings: Settings, definition: str) -> set[str]:
    for attempt in range(1, ATTEMPTS + 1):
        if found := digests(tasks(aws, settings, definition, "RUNNING")):
            return found
        if attempt < ATTEMPTS:
            time.sleep(PAUSE)
    return set()


def digest(image: str) -> str:
    return image.rpartition("@")[2]
