"""What makes no sense is refused at plan, with a sentence that says what to set instead."""

from __future__ import annotations

import copy
import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from support import report
from support.terraform import PROJECT, REPOSITORY, Module, Tree

Variables = dict[str, Any]

GOOD: Variables = {
    "project": PROJECT,
    "environment": "staging",
    "replica_region": "eu-central-1",
    "domain": "example.com",
    "github_repository": "example/taproom",
    "people": {"page": ["page@example.com"], "ticket": ["ticket@example.com"], "operators": ["198.51.100.0/24"], "slack": None},
    "release": {
        "image": f"sha256:{'0' * 64}",
        "commit": "0" * 40,
        "collector_image": f"public.ecr.aws/aws-observability/aws-otel-collector@sha256:{'0' * 64}",
        "hooks": f"{'A' * 43}=",
        "database_roles": f"{'A' * 43}=",
    },
    "settings": yaml.safe_load((REPOSITORY / "terraform/settings.yaml").read_text())["environments"]["staging"],
}


def setting(path: str, value: Any) -> Callable[[Variables], None]:
    def change(variables: Variables) -> None:
        *folders, name = path.split(".")
        for folder in folders:
            variables = variables[folder]
        assert name in variables
        variables[name] = value

    return change


# What is set, and parts of the sentence: what was given, and what to set.
Case = tuple[Callable[[Variables], None], list[str]]

# Terraform tells all that it refuses in one plan, but looks no further where something depends on it: these are one plan each, as planning takes its time.
PLANS: list[dict[str, Case]] = [
    {
        "a project in capitals": (setting("project", "Taproom"), ["Taproom", "lower case"]),
        "an image by its tag": (setting("release.image", "latest"), ["latest", "digest"]),
        "a hash that is none": (setting("release.hooks", "abc"), ["abc", "codedeploy/hooks/package"]),
    },
    {
        "one zone": (setting("settings.network.zones", 1), ["zones is 1", "2 or 3"]),
        "a public network": (setting("settings.network.cidr", "8.8.0.0/16"), ["8.8.0.0/16", "10.0.0.0/8"]),
        "backups for no days": (setting("settings.backup.keep_days", 0), ["keep_days is 0"]),
    },
    {
        "a network that is too small": (setting("settings.network.cidr", "10.0.0.0/24"), ["10.0.0.0/24", "/20"]),
        "a retention that CloudWatch lacks": (setting("settings.log_retention_days", 31), ["31"]),
    },
    {
        "an unknown canary": (setting("settings.rollout.strategy", "canary10"), ["canary10", "canary, linear"]),
        "old tasks gone before an alarm": (
            setting("settings.rollout.termination_wait_minutes", 1),
            ["termination_wait_minutes is 1", "495 s"],
        ),
        "operators everywhere": (setting("people.operators", ["0.0.0.0/0"]), ["0.0.0.0/0"]),
        "an alarm that is not there": (setting("settings.alarm_thresholds", {"no-such-alarm": 1}), ["no-such-alarm"]),
    },
    {
        "no repository": (setting("github_repository", "taproom"), ["taproom", "owner/name"]),
        "a size that Fargate lacks": (setting("settings.service.memory", 1000), ["1000"]),
        "more tasks at least than at most": (setting("settings.service.capacity.min", 9), ["from 9 to 3 tasks"]),
    },
    {
        "too many connections": (
            setting("settings.service.pool_size", 40),
            ["pool_size is 40", "240 connections", "max_connections is 100", "Set a pool_size of 13"],
        ),
    },
]
NAMES = [name for plan in PLANS for name in plan]


# What is asked of AWS, and not said by mocks/.
KNOWN = {
    "data.aws_ecr_repository.service": {"repository_url": f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/{PROJECT}"},
    "data.aws_iam_openid_connect_provider.github": {"arn": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
}

# Nothing here is about the firewall, and of all resources it takes longest to plan.
FIREWALL = {
    "target": "module.edge.module.regional_firewall",
    "outputs": {"arn": "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/mock/mock"},
}


def run(module: Module, cases: list[Variables]) -> list[tuple[str, str]]:
    """Status and errors of each case, planned with an imitation of the provider."""
    providers = [
        {"source": "../../tests/mocks"},
        *({"alias": alias, "source": "../../tests/mocks"} for alias in ("global", "replica")),
    ]
    known = [{"target": target, "values": values} for target, values in KNOWN.items()]
    files = [f"tests/case_{number}.tftest.json" for number in range(len(cases))]
    (module.folder / "tests").mkdir(exist_ok=True)
    for file, variables in zip(files, cases, strict=True):
        content = {
            "mock_provider": {"aws": providers},
            "override_data": known,
            "override_module": [FIREWALL],
            "variables": variables,
            "run": {"plan": {"command": "plan"}},
        }
        (module.folder / file).write_text(json.dumps(content))
    done = module.terraform("test", "-json", *(f"-filter={file}" for file in files), expect=(0, 1))
    told = [json.loads(line) for line in done.stdout.splitlines()]

    def result(file: str) -> tuple[str, str]:
        (status,) = [
            line["test_file"]["status"]
            for line in told
            if line["type"] == "test_file" and line["@testfile"] == file and line["test_file"]["progress"] == "complete"
        ]
        errors = [line["diagnostic"]["detail"] for line in told if line["type"] == "diagnostic" and line.get("@testfile") == file]
        return status, " ".join(" ".join(errors).split())

    return [result(file) for file in files]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Of the good input, and of each of PLANS."""
    cases = [GOOD]
    for plan in PLANS:
        cases.append(copy.deepcopy(GOOD))
        for change, _ in plan.values():
            change(cases[-1])
    module = Tree(tmp_path_factory.mktemp("bad")).module("modules/stack")
    with report.phase("static", f"{len(NAMES)} times bad input, in {len(PLANS)} plans"):
        module.init()
        return run(module, cases)


@pytest.mark.xdist_group("bad input")
def test_good_input_is_planned(planned: list[tuple[str, str]]) -> None:
    assert planned[0] == ("pass", "")


@pytest.mark.xdist_group("bad input")
@pytest.mark.parametrize("name", NAMES)
def test_bad_input_is_refused(planned: list[tuple[str, str]], name: str) -> None:
    for (_, errors), plan in zip(planned[1:], PLANS, strict=True):
        for part in plan[name][1] if name in plan else []:
            assert part in errors


@pytest.mark.xdist_group("bad input")
def test_a_canary_that_is_over_before_an_alarm(tmp_path: pathlib.Path) -> None:
    tree = Tree(tmp_path)
    tree.rewrite("codedeploy/rollout.yaml", {"canary_interval_minutes: 10": "canary_interval_minutes: 5"})
    module = tree.module("modules/stack")
    module.init()
    ((_, errors),) = run(module, [GOOD])
    for part in ("interval_minutes is 5", "495 s"):
        assert part in errors
