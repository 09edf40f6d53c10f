"""Gathers the report of all of pytest's processes."""

from __future__ import annotations

import pytest
from support import report


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["report"] = report.lines


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    report.lines.extend(getattr(node, "workeroutput", {}).get("report", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("report")
    for line in sorted(report.lines, key=lambda line: line.split()[0]):
        terminalreporter.write_line(line)
