"""What every command begins and ends with."""

from __future__ import annotations

import argparse
import contextlib
import pathlib
import time
import traceback
from collections.abc import Callable, Iterator

from . import interruption, settings, summary, telling
from .aws import Aws, AwsError
from .ending import Ended, Misused, Unknown
from .settings import Settings
from .summary import Report
from .telling import complain, say

EXIT_CODES = """\
exit code: 0 done; 1 failed, and users are with the version they were with; 2 a wrong command line, value or setting, nothing was done; 3 not now, nothing was done;
4 somebody has to look: what AWS does goes on, something could not be put in order, or the command has a bug; 129, 130, 143 after a hang-up, Ctrl-C, SIGTERM. What is left behind is said.
"""


class Session:
    def __init__(self, found: Settings, folder: pathlib.Path, report: Report) -> None:
        self.settings, self.folder, self.report = found, folder, report
        self.aws = Aws(found.region)
        self.values = found.values_file(folder)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        since = time.monotonic()
        try:
            yield
        finally:
            self.report.steps.append((name, time.monotonic() - since))


def parser(command: str, about: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(command, description=about, epilog=EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--environment", metavar="NAME", help="whose settings are fetched from its artifacts bucket, as Terraform wrote them")
    made.add_argument("--values", metavar="FILE", help="values.json, instead of fetching it")
    made.add_argument("--rollout", metavar="FILE", help="rollout.json, instead of fetching it")
    return made


def following(made: argparse.ArgumentParser) -> None:
    made.add_argument("--poll", type=positive, default=10, metavar="SECONDS", help="how often to ask how it is, 10 by default")
    made.add_argument(
        "--install-minutes",
        type=positive,
        default=20,
        metavar="N",
        help="how long tasks may take to start before the deployment is stopped and taken back, 20 by default",
    )


def positive(text: str) -> float:
    if (number := float(text)) <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not more than 0")
    return number


def pairs(arguments: list[str], known: set[str]) -> dict[str, str]:
    """NAME=VALUE…"""
    found = {}
    for argument in arguments:
        name, is_pair, value = argument.partition("=")
        if not is_pair or name not in known or not value:
            raise Misused(f"{argument!r} is none of {', '.join(f'{one}=…' for one in sorted(known))}")
        found[name] = value
    return found


def run(made: argparse.ArgumentParser, body: Callable[[Session, argparse.Namespace], None], arguments: list[str]) -> int:
    telling.begin(made.prog)
    options = made.parse_intermixed_args(arguments)
    interruption.listen()
    report, region, code = Report(), settings.region() or "", 0
    try:
        with settings.scratch() as folder:
            found = settings.load(options.environment, options.values, options.rollout)
            region = found.region
            body(Session(found, pathlib.Path(folder), report), options)
        report.left.clear()
    except (Ended, AwsError) as error:
        code = error.code if isinstance(error, Ended) else Ended.code
        report.outcome = str(error)
    except interruption.Interrupted as interrupted:
        code = interrupted.code
        report.outcome = f"{interrupted}: no longer waiting"
    except Exception as error:
        # Python's own exit code for it, 1, would say that users are with the version they were with.
        code = Unknown.code
        report.outcome = f"a bug in this command: {error!r}. Where users are is not known. Look: codedeploy/slot, codedeploy/follow"
        complain(traceback.format_exc())
    if code:
        complain(report.outcome)
    for sentence in report.left:
        complain(sentence)
    if report.stuck and not code:
        code = Unknown.code
    summary.write(report, region)
    return code


def done(session: Session, outcome: str) -> None:
    session.report.outcome = outcome
    say(outcome)
