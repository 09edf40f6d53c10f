"""What a command leaves on the page of a pipeline's run, in Markdown."""

from __future__ import annotations

import os
import pathlib
from dataclasses import dataclass, field

from .following import Followed
from .settings import Settings
from .telling import complain, span


@dataclass
class Report:
    title: str = ""
    outcome: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    steps: list[tuple[str, float]] = field(default_factory=list)
    followed: list[Followed] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What a command that ends now leaves behind, and what to do about it."""
    stuck: list[str] = field(default_factory=list)
    """What could not be put in order again."""


def deployment_link(region: str, deployment: str) -> str:
    return f"https://{region}.console.aws.amazon.com/codesuite/codedeploy/deployments/{deployment}?region={region}"


def dashboard_link(region: str, name: str) -> str:
    return f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#dashboards/dashboard/{name}"


def links(settings: Settings) -> list[tuple[str, str]]:
    boards = [f"[{name}]({dashboard_link(settings.region, name)})" for name in settings.rollout["dashboards"].values()]
    return [("dashboards", ", ".join(boards)), ("users", settings.rollout["url"])]


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    lines = [head, tuple("---" for _ in head), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines] + [""] if rows else []


def markdown(report: Report, region: str) -> str:
    lines = [f"## {report.title}", "", f"**{cell(report.outcome)}**", ""]
    lines += table(("what", "which"), [(name, cell(value)) for name, value in report.facts])
    lines += section("Why", report.causes)
    lines += section("What is left", [*report.left, *report.stuck])
    for followed in report.followed:
        took = f", {span(followed.seconds)}" if followed.seconds is not None else ""
        lines += [f"### [{followed.id}]({deployment_link(region, followed.id)}): {followed.info['status']}{took}", ""]
        lines += table(
            ("event", "status", "took"),
            [(event.name, event.status, span(event.seconds) if event.seconds is not None else "–") for event in followed.events if event.status != "Pending"],
        )
    if report.steps:
        lines += ["### Steps", "", *table(("step", "took"), [(name, span(seconds)) for name, seconds in report.steps])]
    return "\n".join(lines) + "\n"


def section(title: str, sentences: list[str]) -> list[str]:
    return [f"### {title}", "", *(f"- {cell(sentence)}" for sentence in sentences), ""] if sentences else []


def write(report: Report, region: str) -> None:
    """To where GitHub Actions wants it, if it does."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path or not report.title:
        return
    try:
        with pathlib.Path(path).open("a", encoding="utf-8") as file:
            file.write(markdown(report, region))
    except OSError as error:
        complain(f"the summary could not be written: {error}")
