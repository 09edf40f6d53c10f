"""What can be said of the files without applying them."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess

import pytest
from support import report
from support.terraform import REPOSITORY, Tree

TERRAFORM = REPOSITORY / "terraform"
FOLDERS = sorted({str(file.parent.relative_to(TERRAFORM)) for file in TERRAFORM.glob("**/*.tf") if not {".terraform", "tests"} & set(file.parts)})


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return Tree(tmp_path_factory.mktemp("static"))


def test_everything_is_formatted(tree: Tree) -> None:
    tree.module(".").terraform("fmt", "-check", "-diff", "-recursive")


def test_the_tables_are_current() -> None:
    done = subprocess.run([TERRAFORM / "document", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", FOLDERS)
def test_folder(tree: Tree, path: str) -> None:
    """It is valid, and its own tests pass."""
    module = tree.module(path)
    with report.phase("static", f"{path}: init, validate, test"):
        module.init()
        # A module that is given providers under other names cannot be looked at alone; its own tests and the environments do.
        if "configuration_aliases" not in "".join(file.read_text() for file in module.folder.glob("*.tf")):
            module.terraform("validate", "-no-color")
        if list(module.folder.glob("tests/*.tftest.*")):
            done = module.terraform("test", "-no-color")
            assert re.search(r"^Success! [1-9]\d* passed, 0 failed", done.stdout, re.M), done.stdout


def test_every_module_has_tests() -> None:
    """That of the stack is test_bad_input.py."""
    without = {path for path in FOLDERS if path.startswith("modules/") and not list((TERRAFORM / path).glob("tests/*.tftest.hcl"))}
    assert without <= {"modules/stack"}


def test_environments_differ_by_their_settings_alone() -> None:
    """What is tried in staging is what production gets."""

    def of(environment: pathlib.Path) -> dict[str, str]:
        return {file.name: file.read_text().replace(environment.name, "NAME") for file in environment.glob("*.tf")}

    first, *others = sorted((TERRAFORM / "environments").glob("*/"))
    assert others
    assert [environment.name for environment in others if of(environment) != of(first)] == []


def test_checkov_has_nothing_to_say(tmp_path: pathlib.Path, tree: Tree) -> None:
    """What it may not say is said inline, with the reason: `#checkov:skip=CKV_AWS_1:Why`."""
    with report.phase("static", "checkov"):
        done = subprocess.run(
            [
                "checkov",
                "--directory",
                tree.folder / "terraform",
                "--framework",
                "terraform",
                "--output",
                "json",
                "--quiet",
                "--skip-download",
                # Its parser never ends on some of the modules' tests.
                "--skip-path=/tests/",
            ],
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
    told = json.loads(done.stdout)
    summary = told["summary"]
    skipped = len(re.findall(r"#checkov:skip=", "".join(file.read_text() for file in TERRAFORM.glob("**/*.tf"))))
    report.note(
        f"checkov {summary['checkov_version']}: {summary['passed']} passed, {summary['failed']} failed, {summary['skipped']} skipped by {skipped} comments"
    )
    failed = [f"{check['check_id']} {check['resource']} {check['file_path']}: {check['check_name']}" for check in told["results"]["failed_checks"]]
    assert not failed, "\n".join(failed)
    assert summary["parsing_errors"] == 0 and summary["passed"] > 100


def test_every_skip_has_a_reason() -> None:
    bare = [
        f"{file.relative_to(REPOSITORY)}: {line.strip()}"
        for file in TERRAFORM.glob("**/*.tf")
        for line in file.read_text().splitlines()
        if "checkov:skip" in line and not re.search(r"#checkov:skip=CKV2?_[A-Z]+_\d+:\S+ \S+", line)
    ]
    assert not bare, "\n".join(bare)
