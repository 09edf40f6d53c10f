"""The AWS CLI for all tests, and the report of all of pytest's processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from releases import cli
from support import report


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cli.preloaded(tmp_path_factory.mktemp("aws")) as path:
        yield path


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
