"""The ways in which a command ends other than well. Each has its exit code, which the commands' usage and README.md tell."""

from __future__ import annotations


class Ended(Exception):
    code = 1


class Failed(Ended):
    """It was tried, and users are with the version they were with."""

    code = 1


class Misused(Ended):
    """A command line, a value or a setting that cannot be meant. Nothing was done."""

    code = 2


class Refused(Ended):
    """Not now: the environment is in a state that has to pass first. Nothing was done."""

    code = 3


class Unknown(Ended):
    """Somebody has to look: what AWS does goes on, or what should have happened did not."""

    code = 4
