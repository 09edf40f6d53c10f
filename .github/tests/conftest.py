"""Stand-ins for programs that reach outside: they write down what they were asked, and answer as told."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# The first answer whose key is part of the command line; a list is [exit code, output].
STAND_IN = """#!{python}
import json, pathlib, sys
line = " ".join(sys.argv[1:])
body = "" if sys.stdin.isatty() else sys.stdin.read()
for argument in sys.argv[1:]:
    path = pathlib.Path(argument.split("=@")[-1])
    if path.suffix == ".md" and path.is_file():
        body += path.read_text()
with open({log!r}, "a") as log:
    log.write(json.dumps([{name!r}, line, body]) + chr(10))
for part, answer in json.loads(pathlib.Path({answers!r}).read_text()).items():
    if part in line:
        code, text = answer if isinstance(answer, list) else (0, answer)
        print(text)
        sys.exit(code)
"""


class World:
    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.log = folder / "log"
        self.environment = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "HOME": str(folder),
            "GITHUB_REPOSITORY": "example/taproom",
            "GITHUB_SHA": "c" * 40,
        }

    def stand_in(self, name: str, answers: dict[str, object]) -> None:
        told = self.folder / f"{name}.json"
        told.write_text(json.dumps(answers))
        program = self.bin / name
        program.write_text(STAND_IN.format(python=sys.executable, log=str(self.log), name=name, answers=str(told)))
        program.chmod(0o755)

    def run(self, script: pathlib.Path, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [script, *arguments], input=stdin, capture_output=True, text=True, cwd=self.folder, env=self.environment | environment, check=False
        )

    def asked(self, part: str) -> list[tuple[str, str]]:
        """Command lines that have `part`, and what they were given to read."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []
        return [(line, body) for _, line, body in lines if part in line]


@pytest.fixture
def world(tmp_path: pathlib.Path) -> World:
    return World(tmp_path)


@pytest.fixture
def copy(tmp_path: pathlib.Path) -> pathlib.Path:
    """As much of the repository as scripts read and write, to be written to."""
    root = tmp_path / "repository"
    for name in ["CHANGELOG.md", "Cargo.toml", "Cargo.lock", "terraform/environments/staging/main.tf"]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text((ROOT / name).read_text())
    (root / ".github").mkdir()
    (root / ".github/setup").write_text((ROOT / ".github/setup").read_text())
    (root / ".github/setup").chmod(0o755)
    (root / ".github/scripts").mkdir()
    for script in (ROOT / ".github/scripts").iterdir():
        if script.is_file():
            (root / ".github/scripts" / script.name).write_text(script.read_text())
            (root / ".github/scripts" / script.name).chmod(0o755)
    return root
