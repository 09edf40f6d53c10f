"""What programs write to CloudWatch Logs, as far as the emulator stands in for them."""

from __future__ import annotations

from collections.abc import Iterable

from moto.logs.models import logs_backends

from . import clock
from .calls import ACCOUNT


def write(region: str, group: str, stream: str, lines: Iterable[str]) -> None:
    """To a group that is there; the stream is made."""
    backend = logs_backends[ACCOUNT][region]
    if stream not in backend.groups[group].streams:
        backend.create_log_stream(group, stream)
    events = [{"timestamp": int(clock.now() * 1_000), "message": line} for line in lines]
    if events:
        backend.put_log_events(group, stream, events)
