"""A role may do what its policy and the boundary both allow: what is missing in the boundary is denied, and no emulator says so."""

from __future__ import annotations

import fnmatch
import json
import pathlib
import re
from collections.abc import Iterator

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data
from support.terraform import REPOSITORY

MODULES = REPOSITORY / "terraform/modules"
BOUNDARY = MODULES / "delivery/boundary.tf"

# The jobs' own roles, which have no boundary.
WITHOUT = {"delivery", "github_role"}

# AWS's policies that a role needs all of. The others are as wide as all of what a service can do.
MANAGED = ["AmazonRDSEnhancedMonitoringRole"]


def enclosing(text: str, position: int) -> str:
    """The innermost braces around a position."""
    depth = 0
    start = position
    while depth >= 0:
        start -= 1
        depth += {"}": 1, "{": -1}.get(text[start], 0)
    end, depth = start + 1, 1
    while depth:
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
    return text[start:end]


def allowed(file: pathlib.Path) -> Iterator[str]:
    """The actions that a file's policies of roles allow. What has a principal is the policy of a resource."""
    text = re.sub(r"^\s*#.*$", "", file.read_text(), flags=re.M)
    for found in re.finditer(r'\b(?:actions|Action)\s*=\s*(\[[^]]*\]|"[^"]*")', text):
        statement = enclosing(text, found.start())
        if not re.search(r'\bprincipals \{|\bPrincipal\s*=|\b[eE]ffect\s*=\s*"Deny"', statement):
            yield from re.findall(r'"([^"]+)"', found[1])


def denied(actions: set[str]) -> set[str]:
    patterns = [pattern.lower() for pattern in allowed(BOUNDARY)]
    return {action for action in actions if not any(fnmatch.fnmatchcase(action.lower(), pattern) for pattern in patterns)}


def test_the_boundary_allows_what_the_roles_need() -> None:
    needed = {path: set(allowed(path)) for path in MODULES.glob("*/*.tf") if path.parent.name not in WITHOUT}
    # One of each way to write a policy, so that none is overlooked.
    assert {
        "secretsmanager:PutSecretValue",
        "rds-db:connect",
        "ecs:CreateTaskSet",
        "codedeploy:PutLifecycleEventHookExecutionStatus",
        "ec2:CreateNetworkInterface",
    } <= set().union(*needed.values())
    problems = [f"{path.relative_to(MODULES)}: {action}" for path, actions in sorted(needed.items()) for action in sorted(denied(actions))]
    assert not problems, "the boundary does not allow: " + ", ".join(problems)


@pytest.mark.parametrize("name", MANAGED)
def test_the_boundary_allows_what_aws_policies_do(name: str) -> None:
    statements = json.loads(aws_managed_policies_data)[name]["Document"]["Statement"]
    missing = denied({action for statement in statements for action in statement["Action"]})
    assert not missing, f"the boundary does not allow {', '.join(sorted(missing))} of {name}"
