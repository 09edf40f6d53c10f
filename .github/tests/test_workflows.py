"""What no linter knows: that commands are there, and that workflows agree with Terraform and each other."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
import yaml
from conftest import ROOT

FILES = sorted((ROOT / ".github/workflows").glob("*.yml"))
TEXTS = {file.name: file.read_text() for file in FILES}
WORKFLOWS = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
JOBS = {f"{name}: {job}": body for name, workflow in WORKFLOWS.items() for job, body in workflow["jobs"].items()}
STEPS = [(job, step) for job, body in JOBS.items() for step in body.get("steps", [])]
RUNS = [(job, step["run"]) for job, step in STEPS if "run" in step]
# Written by steps before.
MADE = ("target/", "terraform/environments/$ENVIRONMENT")


def test_there_are_as_many_as_are_read() -> None:
    assert len(FILES) >= 9 and len(RUNS) >= 20


@pytest.mark.parametrize(("job", "command"), RUNS)
def test_commands_name_files_that_are_there(job: str, command: str) -> None:
    # A word with a slash, outside addresses and expressions.
    for word in re.findall(r"(?<![\w/:$@=.\"-])\.?[\w-]+/[\w./$-]+", command):
        if word.startswith(MADE):
            continue
        assert (ROOT / word).exists(), f"{job} calls {word}, which is not there"


@pytest.mark.parametrize(("job", "command"), RUNS)
def test_commands_take_values_by_the_environment_only(job: str, command: str) -> None:
    assert "${{" not in command, f"{job} pastes a value into a command"


@pytest.mark.parametrize("name", sorted({job.split(":")[0] for job, _ in RUNS}))
def test_a_pipe_fails_with_each_of_its_commands(name: str) -> None:
    assert WORKFLOWS[name]["defaults"] == {"run": {"shell": "bash"}}, f"{name} does not name its shell, and GitHub's own has no pipefail"
    assert "shell" not in {key for job, step in STEPS if job.startswith(name) for key in step}


@pytest.mark.parametrize(("job", "command"), RUNS)
def test_a_value_that_could_not_be_had_is_not_written(job: str, command: str) -> None:
    assert not re.search(r"(?:^|[;&|{(])\s*(echo|printf)\b.*\$\(", command, re.MULTILINE), f"{job} writes what a command says, whether or not it failed"


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is missing")
@pytest.mark.parametrize(("job", "command"), RUNS)
def test_shellcheck_has_nothing_to_say(job: str, command: str) -> None:
    result = subprocess.run(["shellcheck", "--shell=bash", "-"], input=command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{job}:\n{result.stdout}"


def test_actions_are_pinned_each_to_one_commit() -> None:
    commits: dict[str, set[str]] = {}
    for name, text in TEXTS.items():
        for used in re.findall(r"uses: (\S+.*)", text):
            if used.startswith("$/"):
                assert (ROOT / used.removeprefix("$/")).is_file(), f"{name} uses {used}, which is not there"
                continue
            pinned = re.fullmatch(r"([\w./-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", used)
            assert pinned, f"{name} uses {used}, which is no commit with its version behind it"
            commits.setdefault(pinned[1], set()).add(pinned[2])
    assert all(len(found) == 1 for found in commits.values()), commits


@pytest.mark.parametrize(("job", "body"), JOBS.items())
def test_jobs_end_and_may_only_what_they_say(job: str, body: dict) -> None:
    workflow = WORKFLOWS[job.split(":")[0]]
    assert "timeout-minutes" in body or "uses" in body
    assert body.get("permissions", workflow["permissions"]) not in ("write-all", "read-all")
    assert workflow["permissions"] in ({}, {"contents": "read"})


def artifacts(name: str) -> list[str]:
    """What a run of a workflow keeps, with the workflows that it calls."""
    kept = []
    for body in WORKFLOWS[name]["jobs"].values():
        if "uses" in body:
            given = body.get("with", {}).get("environment", "")
            kept += [artifact.replace("${{ inputs.environment }}", given) for artifact in artifacts(body["uses"].rsplit("/", 1)[1])]
        for step in body.get("steps", []):
            if step.get("uses", "").startswith("actions/upload-artifact@"):
                kept.append(step["with"]["name"])
            elif step.get("uses", "").startswith("anchore/sbom-action@") and step["with"].get("upload-artifact", True):
                kept.append(step["with"]["artifact-name"])
    return kept


def test_an_artifact_has_a_name_of_its_own_in_a_run() -> None:
    for name in WORKFLOWS:
        kept = artifacts(name)
        assert len(kept) == len(set(kept)), f"{name} keeps {kept}"
    assert {"coverage", "sbom.spdx.json"} <= set(artifacts("release.yml"))


def test_a_checkout_leaves_no_credentials() -> None:
    checkouts = [(job, step) for job, step in STEPS if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    for job, step in checkouts:
        assert step["with"]["persist-credentials"] is False, job


def test_terraform_is_the_same_everywhere() -> None:
    assert len({step["with"]["terraform_version"] for _, step in STEPS if step.get("uses", "").startswith("hashicorp/")}) == 1


def test_environments_are_those_that_terraform_trusts() -> None:
    """terraform/modules/delivery: NAME for the deployment, NAME-JOB for the others."""
    roles = set(
        re.findall(r'job == "deploy" \? var\.environment : "\$\{var\.environment\}-\$\{job\}"', (ROOT / "terraform/modules/delivery/main.tf").read_text())
    )
    assert roles, "delivery calls GitHub's environments otherwise"
    used = {body["environment"] for body in JOBS.values() if "environment" in body}
    assert {re.sub(r"^\$\{\{ (inputs|matrix)\.environment \}\}", "NAME", name) for name in used} == {
        "NAME",
        "NAME-plan",
        "NAME-drift",
        "NAME-apply",
        "NAME-rollback",
    }


def read_by_terraform() -> set[str]:
    """Folders of this repository outside terraform/ that its files name."""
    named = set()
    for file in (ROOT / "terraform").rglob("*.tf"):
        if ".terraform" in file.parts:
            continue
        for path in re.findall(r"\$\{path\.(?:module|root)\}/([^\"$]+)", file.read_text()):
            found = (file.parent / path).resolve()
            if found.is_relative_to(ROOT) and not found.is_relative_to(ROOT / "terraform"):
                named.add(str((found if found.is_dir() else found.parent).relative_to(ROOT)))
    return named


@pytest.mark.parametrize(("name", "event"), [("plan.yml", "pull_request"), ("apply.yml", "push")])
def test_what_terraform_reads_starts_a_plan_and_an_apply(name: str, event: str) -> None:
    read = read_by_terraform()
    assert {"codedeploy", "dashboards", "docs/runbooks"} <= read
    # PyYAML takes `on` for true.
    assert {f"{folder}/**" for folder in {"terraform", *read}} <= set(WORKFLOWS[name][True][event]["paths"]), name


def test_what_a_release_ignores_is_in_no_image() -> None:
    assert WORKFLOWS["release.yml"][True]["push"]["paths-ignore"] == ["**.md", "docs/**"]
    context = (ROOT / ".dockerignore").read_text().splitlines()
    without = context.index("**/*.md")
    assert context.index("*") < without and not [line for line in context[without:] if line.startswith("!")]
    assert not [line for line in context if line.startswith("!docs")]


def test_secrets_of_environments_reach_called_workflows() -> None:
    for name, workflow in WORKFLOWS.items():
        asked = set(re.findall(r"secrets\.(\w+)", TEXTS[name]))
        # PyYAML takes `on` for true.
        called = workflow[True].get("workflow_call") if isinstance(workflow[True], dict) else None
        if not asked or called is None:
            continue
        # Required, they would have to be the caller's own.
        assert asked == {secret for secret, said in called["secrets"].items() if said["required"] is False}, name
        callers = [body for body in JOBS.values() if body.get("uses", "").endswith(f"/{name}")]
        assert callers and all(body["secrets"] == "inherit" for body in callers), f"{name} has no {asked}"


def test_credentials_last_as_long_as_the_role_allows() -> None:
    allowed = int(re.search(r"max_session = .* \? (\d+) : 3600", (ROOT / "terraform/modules/delivery/main.tf").read_text())[1])
    for job in ("deploy.yml: deploy", "rollback.yml: rollback"):
        asked = next(step["with"]["role-duration-seconds"] for step in JOBS[job]["steps"] if "role-duration-seconds" in step.get("with", {}))
        assert JOBS[job]["timeout-minutes"] * 60 <= asked == allowed


def test_deployments_are_never_cancelled_and_a_rollback_never_waits_for_one() -> None:
    assert JOBS["deploy.yml: deploy"]["concurrency"] == {"group": "deploy-${{ inputs.environment }}", "cancel-in-progress": False, "queue": "max"}
    assert not WORKFLOWS["rollback.yml"]["concurrency"]["group"].startswith("deploy-")


@pytest.mark.parametrize(("job", "command"), [("deploy.yml: deploy", "codedeploy/deploy"), ("rollback.yml: rollback", "codedeploy/rollback")])
def test_a_cancellation_reaches_the_command_and_scaling_is_put_back_whatever_ended_it(job: str, command: str) -> None:
    *_, release, afterwards = JOBS[job]["steps"]
    assert release["run"].startswith(f"exec {command} ")
    # Killed, it fails. Not begun, it has suspended nothing.
    assert afterwards["if"] == f"${{{{ !success() && steps.{release['id']}.outputs.scaling == 'suspended' }}}}"
    *checkout, resume = afterwards["run"].splitlines()
    assert resume == 'codedeploy/scaling resume --unless-under-way --environment "$ENVIRONMENT"'
    # A release that is older may not know that option.
    assert checkout == (['git checkout --quiet --detach "$GITHUB_SHA"'] if job == "deploy.yml: deploy" else [])
    # `exec` by way of `env` leaves one process, which is the one that hears.
    assert (ROOT / command).read_text().startswith("#!/usr/bin/env python3\n")


def test_drift_tells_of_scaling_that_is_left_suspended() -> None:
    steps = JOBS["drift.yml: drift"]["steps"]
    *_, plan, scaling, tell = steps
    assert (
        scaling["run"].startswith("codedeploy/scaling check ")
        and "continue-on-error" not in scaling
        and ".github/scripts/python-tools" in [step.get("run") for step in steps]
    )
    assert tell["if"] == f"${{{{ !cancelled() && steps.{plan['id']}.outcome == 'success' }}}}"
    assert tell["env"]["SCALING"] == f"${{{{ steps.{scaling['id']}.outcome == 'failure' && 'target/scaling.txt' || '' }}}}" and tell["run"].endswith(
        ' "$SCALING"'
    )


def test_a_commit_runs_only_after_main_has_verified_its_image() -> None:
    steps = JOBS["deploy.yml: deploy"]["steps"]
    [checkout] = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert "ref" not in checkout["with"] and checkout["with"]["fetch-depth"] == 0
    runs = [step["run"] for step in steps if "run" in step]
    assert [run.split()[0] for run in runs] == [
        ".github/scripts/python-tools",
        ".github/scripts/image",
        ".github/scripts/only-forward",
        ".github/scripts/checkout-release",
        "exec",
        "git",
    ]


def test_only_by_hand_an_older_commit_is_deployed() -> None:
    [step] = [step for step in JOBS["deploy.yml: deploy"]["steps"] if step.get("run", "").startswith(".github/scripts/only-forward ")]
    assert step["if"] == "inputs.only_forward"
    # PyYAML takes `on` for true.
    started = WORKFLOWS["deploy.yml"][True]
    assert started["workflow_call"]["inputs"]["only_forward"]["default"] is True and "only_forward" not in started["workflow_dispatch"]["inputs"]
    callers = [body for body in JOBS.values() if body.get("uses", "").endswith("/deploy.yml")]
    assert len(callers) == 2 and not any("only_forward" in body["with"] for body in callers)


def test_applies_wait_for_each_other_and_plans_for_none() -> None:
    assert "concurrency" not in WORKFLOWS["apply-environment.yml"] and "concurrency" not in JOBS["apply-environment.yml: plan"]
    assert JOBS["apply-environment.yml: apply"]["concurrency"] == {"group": "apply-${{ inputs.environment }}", "cancel-in-progress": False, "queue": "max"}


def starts(job: str, cancelled: bool = False, account: str = "123456789012", **results: str) -> bool:
    """GitHub's answer to the condition of a job, whose needs ended as told, and else well."""
    body = JOBS[job]
    needs = [body["needs"]] if isinstance(body["needs"], str) else body["needs"]
    values = {f"needs.{need}.result": results.get(need, "success") for need in needs} | {"vars.AWS_ACCOUNT_ID": account, "needs.plan.outputs.changes": "true"}
    text = body["if"].removeprefix("${{").removesuffix("}}").strip()
    text = re.sub(r"(?:needs|vars)\.[\w.]+", lambda found: repr(values[found[0]]), text.replace("!cancelled()", str(not cancelled)))
    return eval(text.replace("&&", "and").replace("||", "or"))


@pytest.mark.parametrize("job", [job for job, body in JOBS.items() if "needs" in body])
def test_a_job_needs_no_more_and_no_less_than_what_it_names(job: str) -> None:
    """Without a status function, GitHub adds success(), which is false after any job that was left out, however early."""
    assert starts(job) and not starts(job, cancelled=True)
    needs = JOBS[job]["needs"]
    for need in [needs] if isinstance(needs, str) else needs:
        for result in ["failure", "cancelled", *([] if job == "apply.yml: production" else ["skipped"])]:
            assert not starts(job, **{need: result}), f"{job} starts, although {need} ended as {result}"


def test_without_an_account_nothing_is_built() -> None:
    assert not starts("release.yml: image", account="") and not starts("release.yml: functions", account="")
    # Which leaves `image` out, and with it all that is deployed.
    assert all("image" in JOBS[f"release.yml: {job}"]["needs"] for job in ("staging", "production", "notes"))


def test_jobs_of_called_workflows_do_not_ask_for_their_callers_success() -> None:
    called = {body["uses"].rsplit("/", 1)[1] for body in JOBS.values() if "uses" in body and "needs" in body}
    assert called == {"apply-environment.yml", "deploy.yml"}
    for name in called:
        assert all("!cancelled()" in body["if"] for body in WORKFLOWS[name]["jobs"].values()), name


def test_what_is_made_by_a_run_is_named_by_its_attempt() -> None:
    names = [name for _, command in RUNS for name in re.findall(r"run-\$GITHUB_RUN_ID[\w$-]*", command)]
    assert len(names) == 3 and set(names) == {"run-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT"}


def test_set_up_names_the_code_owners_before_their_review_is_asked_for() -> None:
    before, rules, _ = (ROOT / ".github/README.md").read_text().partition('"require_code_owner_review": true')
    assert rules and "(CODEOWNERS)" in before
