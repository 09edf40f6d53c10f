"""Terraform in a copy of the tree, so that nothing of a test is ever in what ships."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import subprocess
from typing import Any

import yaml

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]

# The beginning of every name.
PROJECT: str = yaml.safe_load((REPOSITORY / "terraform/settings.yaml").read_text())["project"]

# What the real thing needs, and an emulator cannot have: see README.md.
PROVIDER = """
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    s3_use_path_style           = true
    max_retries                 = 2
"""


class Failed(AssertionError):
    pass


class Tree:
    """`terraform/`, and what it reads beside it."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        shutil.copytree(
            REPOSITORY / "terraform",
            folder / "terraform",
            symlinks=True,
            ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*", "terraform.tfvars", "*.auto.tfvars", "emulator", "support", "__pycache__"),
        )
        shutil.copytree(REPOSITORY / "dashboards", folder / "dashboards")
        shutil.copytree(REPOSITORY / "docs/runbooks", folder / "docs/runbooks")
        shutil.copytree(REPOSITORY / "codedeploy", folder / "codedeploy", ignore=shutil.ignore_patterns("hooks"))
        shutil.copy(folder / "terraform/terraform.tfvars.example", folder / "terraform/terraform.tfvars")

    def module(self, path: str) -> Module:
        return Module(self.folder / "terraform" / path)

    def root(self, path: str, emulator: str) -> Root:
        return Root(self.folder / "terraform" / path, emulator)

    def override(self, path: str, text: str) -> pathlib.Path:
        """A file that Terraform merges into the others, https://developer.hashicorp.com/terraform/language/files/override"""
        file = self.folder / "terraform" / path / "test_override.tf"
        file.write_text(text)
        return file

    def rewrite(self, path: str, change: dict[str, str]) -> None:
        """Replaces texts of a file, each of which has to be there."""
        file = self.folder / path
        text = file.read_text()
        for old, new in change.items():
            assert old in text, f"{path} has no {old!r}"
            text = text.replace(old, new)
        file.write_text(text)


class Module:
    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
        # Terraform and its provider collect garbage for a quarter of their time otherwise.
        self.environment |= {"TF_IN_AUTOMATION": "true", "TF_INPUT": "0", "GOGC": "400"}
        # Else each folder would download the provider anew.
        cache = REPOSITORY / "target/terraform-plugins"
        cache.mkdir(parents=True, exist_ok=True)
        self.environment |= {"TF_PLUGIN_CACHE_DIR": str(cache), "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "true"}

    def terraform(self, *arguments: str, expect: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(["terraform", *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True)
        if done.returncode not in expect:
            raise Failed(f"terraform {' '.join(arguments)} in {self.folder.name} ended with {done.returncode}:\n{done.stderr or done.stdout}")
        return done

    def init(self) -> None:
        plugins = os.environ.get("TAPROOM_TERRAFORM_PLUGINS")
        self.terraform("init", "-no-color", "-backend=false", *([f"-plugin-dir={plugins}"] if plugins else []))


class Root(Module):
    """A root module on an emulator, with its state in a file."""

    def __init__(self, folder: pathlib.Path, emulator: str) -> None:
        super().__init__(folder)
        self.name = folder.name
        # By a proxy, for some hosts begin with the account's number.
        self.environment |= {
            "AWS_ENDPOINT_URL": "http://aws.emulator",
            "HTTP_PROXY": emulator,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
        self.environment.pop("NO_PROXY", None)
        self.environment.pop("no_proxy", None)
        aliases = re.findall(r'provider "aws" \{\s*(?:alias\s*=\s*"(\w+)")?', "".join(file.read_text() for file in folder.glob("*.tf")))
        blocks = [f'provider "aws" {{\n{f"    alias = {json.dumps(alias)}" if alias else ""}{PROVIDER}}}\n' for alias in aliases]
        (folder / "test_override.tf").write_text('terraform {\n  backend "local" {}\n}\n' + "".join(blocks))
        variables = folder / "terraform.tfvars"
        if not variables.is_symlink():
            shared = next(parent for parent in folder.parents if parent.name == "terraform") / "terraform.tfvars"
            variables.symlink_to(shared)

    def init(self) -> None:
        plugins = os.environ.get("TAPROOM_TERRAFORM_PLUGINS")
        self.terraform("init", "-no-color", *([f"-plugin-dir={plugins}"] if plugins else []))

    def variables(self, name: str, values: dict[str, Any]) -> None:
        (self.folder / f"{name}.auto.tfvars.json").write_text(json.dumps(values))

    def plan(self, *arguments: str) -> Plan:
        done = self.terraform("plan", "-no-color", "-detailed-exitcode", "-out=plan", *arguments, expect=(0, 2))
        return Plan(self, empty=done.returncode == 0, text=done.stdout)

    def apply(self, plan: Plan) -> None:
        self.terraform("apply", "-no-color", "plan")

    def destroy(self) -> None:
        self.terraform("destroy", "-no-color", "-auto-approve")

    def resources(self) -> list[str]:
        listed = self.terraform("state", "list").stdout.split()
        return [address for address in listed if not re.search(r"(^|\.)data\.", address)]

    def state(self) -> list[dict[str, Any]]:
        def resources(module: dict[str, Any]) -> list[dict[str, Any]]:
            return module.get("resources", []) + [found for child in module.get("child_modules", []) for found in resources(child)]

        return resources(json.loads(self.terraform("show", "-json").stdout)["values"]["root_module"])

    def output(self) -> dict[str, Any]:
        return {name: output["value"] for name, output in json.loads(self.terraform("output", "-json").stdout).items()}


class Plan:
    def __init__(self, root: Root, *, empty: bool, text: str) -> None:
        self.root, self.empty, self.text = root, empty, text

    def json(self) -> dict[str, Any]:
        return json.loads(self.root.terraform("show", "-json", "plan").stdout)

    def changes(self) -> str:
        """What is to be done, without what was read for it."""
        return self.text[max(self.text.find("Terraform will perform"), 0) :]
