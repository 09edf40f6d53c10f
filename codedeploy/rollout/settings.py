"""What Terraform wrote for releases (terraform/modules/stack/deployment.tf): `values` for the templates, `rollout` for everything else."""

from __future__ import annotations

import json
import os
import pathlib
import tempfile
from dataclasses import dataclass
from typing import Any

from . import templates
from .aws import Aws, AwsError
from .ending import Misused

CODEDEPLOY = pathlib.Path(__file__).resolve().parents[1]
NEEDED = {
    "application",
    "group",
    "configurations",
    "cluster",
    "service",
    "listener",
    "target_groups",
    "gate",
    "scaling",
    "hooks",
    "introspection",
    "dashboards",
    "url",
}


@dataclass(frozen=True)
class Settings:
    environment: str
    region: str
    values: dict[str, Any]
    rollout: dict[str, Any]

    def values_file(self, folder: pathlib.Path) -> pathlib.Path:
        """For `render` and `migrate`. Only what the templates beside them know: Terraform may be ahead of the commit that is deployed."""
        known = templates.known()
        file = folder / "values.json"
        file.write_text(json.dumps({name: value for name, value in self.values.items() if name in known}))
        return file


def region() -> str | None:
    # Version 1 of the CLI does not read AWS_REGION.
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")


def load(environment: str | None, values: str | None, rollout: str | None) -> Settings:
    if values and rollout:
        return checked(_read(values), _read(rollout), environment)
    if values or rollout or not environment:
        raise Misused("give --environment NAME, or both --values FILE and --rollout FILE")
    return checked(*_fetch(environment), environment)


def checked(values: Any, rollout: Any, environment: str | None) -> Settings:
    if not isinstance(values, dict) or not isinstance(rollout, dict):
        raise Misused("values and rollout must both be objects, as Terraform wrote them to deployment/ in the artifacts bucket")
    if missing := sorted(NEEDED - rollout.keys()) + sorted({"environment", "region", "family"} - values.keys()):
        raise Misused(f"what Terraform wrote lacks {', '.join(missing)}; apply terraform/environments with this version first")
    if environment and values["environment"] != environment:
        raise Misused(f"the values are those of {values['environment']}, but --environment is {environment}")
    return Settings(values["environment"], values["region"], values, rollout)


def project() -> str:
    """The beginning of every name (terraform/settings.yaml)."""
    try:
        import yaml
    except ImportError as error:
        raise Misused("PyYAML is missing; get it with `pip install pyyaml` or `apt-get install python3-yaml`") from error
    file = CODEDEPLOY.parent / "terraform/settings.yaml"
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))["project"]
    except (OSError, KeyError, TypeError, yaml.YAMLError) as error:
        raise Misused(f"{file} does not say the project's name: {error!r}; give --values and --rollout instead") from error


def _read(path: str) -> Any:
    try:
        return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Misused(f"{path} cannot be read as JSON: {error}") from error


def _fetch(environment: str) -> tuple[Any, Any]:
    aws = Aws(region())
    try:
        account = aws.call("sts", "get-caller-identity")["Account"]
        bucket = f"{project()}-{environment}-artifacts-{account}"
        values, rollout = (json.loads(aws.object(bucket, f"deployment/{name}.json", account)) for name in ("values", "rollout"))
    except AwsError as error:
        raise Misused(f"the settings of {environment} cannot be fetched: {error}. Is it the right account, and is Terraform applied?") from error
    except ValueError as error:
        raise Misused(f"the settings of {environment} are no JSON: {error}") from error
    return values, rollout


def scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="rollout-")
