"""What a command says: plain lines, so that a log reads as a terminal does."""

from __future__ import annotations

import os
import sys

_command = "rollout"


def begin(command: str) -> None:
    global _command
    _command = command


def say(text: str) -> None:
    _write(sys.stdout, text)


def complain(text: str) -> None:
    _write(sys.stderr, text)


def plain(text: str) -> None:
    """Without the command's name, for whoever reads it with a program."""
    print(text, flush=True)


def _write(stream, text: str) -> None:
    try:
        for line in text.splitlines() or [""]:
            print(f"{_command}: {line}", file=stream, flush=True)
    except OSError:
        # Whoever read has gone: the deployment has not, and scaling still has to be resumed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def span(seconds: float) -> str:
    """`95` is "1 min 35 s"."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else seconds, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count)
