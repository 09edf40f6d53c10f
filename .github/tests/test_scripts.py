"""The workflows' own scripts, as on a laptop."""

from __future__ import annotations

import json
import pathlib
import shutil

import pytest
from conftest import ROOT, World

SCRIPTS = ROOT / ".github/scripts"


def plan(**actions: list[str]) -> str:
    return json.dumps({"resource_changes": [{"address": name, "change": {"actions": given}} for name, given in actions.items()]})


def report(world: World, changes: str, text: str = "the plan") -> str:
    (world.folder / "plan.txt").write_text(text)
    result = world.run(SCRIPTS / "plan-report", "staging", "plan.txt", stdin=changes)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_report_says_first_what_is_lost(world: World) -> None:
    said = report(world, plan(a=["create"], b=["delete"], c=["no-op"], d=["delete", "create"], e=["read"]))
    assert said.splitlines()[:2] == ["<!-- plan: staging -->", "### staging: 1 to destroy, 1 to replace, 1 to create"]
    assert said.index("`b`") < said.index("`d`") < said.index("`a`") and "`c`" not in said and "`e`" not in said


def test_a_report_fits_into_a_comment_and_no_plan_gets_out_of_its_fence(world: World) -> None:
    many = plan(**{f"module.stack.aws_thing.{'x' * 80}{number}": ["update"] for number in range(500)})
    said = report(world, many, "~~~~~~~~\n<script>" + "y" * 100_000)
    assert len(said) < 65_536
    assert said.count("~~~~~~~~") == 2 and "and 400 more" in said


def test_a_report_of_nothing_is_short(world: World) -> None:
    assert report(world, plan(a=["no-op"])).splitlines() == ["<!-- plan: staging -->", "### staging: no changes"]
    outputs = json.dumps({"output_changes": {"url": {"actions": ["update"]}}})
    assert "only outputs change" in report(world, outputs)


def fake_terraform(world: World, code: int) -> None:
    world.stand_in("terraform", {" plan ": [code, "planned"], "-no-color": "the plan", "-json": plan(a=["update"] if code == 2 else ["no-op"])})


@pytest.mark.parametrize(("code", "changes"), [(0, "false"), (2, "true")])
def test_a_plan_says_whether_anything_changes(world: World, copy: pathlib.Path, code: int, changes: str) -> None:
    fake_terraform(world, code)
    output = world.folder / "output"
    result = world.run(copy / ".github/scripts/plan", "staging", GITHUB_OUTPUT=str(output))
    assert result.returncode == 0, result.stderr
    assert output.read_text() == f"changes={changes}\n"
    assert "-lock=false" in world.asked(" plan ")[0][0]
    assert "### staging" in (copy / "target/plan/staging/report.md").read_text()


def test_a_plan_that_fails_says_nothing(world: World, copy: pathlib.Path) -> None:
    fake_terraform(world, 1)
    output = world.folder / "output"
    assert world.run(copy / ".github/scripts/plan", "staging", GITHUB_OUTPUT=str(output)).returncode == 1
    assert not output.exists()
    assert "no environment nowhere" in world.run(copy / ".github/scripts/plan", "nowhere").stderr


def comment(world: World, comments: list[dict]) -> None:
    (world.folder / "report.md").write_text("<!-- plan: staging -->\nnew")
    world.stand_in("gh", {"--paginate": json.dumps(comments[:1]) + json.dumps(comments[1:])})
    result = world.run(SCRIPTS / "comment", "7", "report.md")
    assert result.returncode == 0, result.stderr


def test_a_comment_takes_the_place_of_its_own(world: World) -> None:
    comment(world, [{"id": 1, "body": "<!-- plan: production -->"}, {"id": 2, "body": "<!-- plan: staging -->\nold"}])
    assert [line for line, _ in world.asked("--method")] == ["api --silent --method PATCH repos/example/taproom/issues/comments/2 --field body=@report.md"]


def test_a_first_comment_is_made(world: World) -> None:
    comment(world, [{"id": 1, "body": "said <!-- plan: staging -->"}])
    assert [line for line, _ in world.asked("--method")] == ["api --silent --method POST repos/example/taproom/issues/7/comments --field body=@report.md"]


@pytest.mark.parametrize(
    ("there", "changes", "asked"),
    [
        ([], "true", "issue create"),
        ([{"number": 3, "title": "Drift in staging"}], "true", "issue edit 3"),
        ([{"number": 3, "title": "Drift in staging"}], "false", "issue close 3"),
        ([{"number": 4, "title": "Drift in production"}], "false", None),
    ],
)
def test_drift_has_one_issue_as_long_as_it_lasts(world: World, there: list, changes: str, asked: str | None) -> None:
    world.stand_in("gh", {"issue list": json.dumps(there)})
    (world.folder / "report.md").write_text("### staging: 1 to update")
    assert world.run(SCRIPTS / "drift-issue", "staging", changes, "report.md").returncode == 0
    done = [line for line, _ in world.asked("issue ") if "issue list" not in line]
    assert len(done) == (1 if asked else 0) and all(line.startswith(str(asked)) for line in done)


@pytest.mark.parametrize("changes", ["true", "false"])
def test_what_else_was_found_is_in_the_issue(world: World, changes: str) -> None:
    world.stand_in("gh", {"issue list": "[]"})
    (world.folder / "report.md").write_text("### staging: the plan\n")
    (world.folder / "found.txt").write_text("scaling: suspended\n")
    assert world.run(SCRIPTS / "drift-issue", "staging", changes, "report.md", "found.txt").returncode == 0
    [(line, body)] = world.asked("issue create")
    assert "--title Drift in staging" in line and "\n    scaling: suspended\n" in body and "### staging: the plan" in body
    assert ("Apply main" in body) == (changes == "true")


def test_drift_that_nobody_knows_is_an_error(world: World) -> None:
    world.stand_in("gh", {"issue list": "[]"})
    assert "neither true nor false" in world.run(SCRIPTS / "drift-issue", "staging", "perhaps", "report.md").stderr


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is missing")
def test_a_plan_opens_with_its_key_only(world: World, copy: pathlib.Path) -> None:
    keys = [setup_staging(world, copy) for _ in range(2)]
    secret = bytes(range(256)) * 50
    (world.folder / "change.tfplan").write_bytes(secret)
    assert world.run(SCRIPTS / "sealed-plan", "close", "change.tfplan", "sealed", PLAN_CERTIFICATE=keys[0][1]).returncode == 0
    sealed = (world.folder / "sealed").read_bytes()
    assert secret[:64] not in sealed
    assert world.run(SCRIPTS / "sealed-plan", "open", "sealed", "opened", PLAN_KEY=keys[0][0]).returncode == 0
    assert (world.folder / "opened").read_bytes() == secret
    damaged = bytearray(sealed)
    damaged[-20] ^= 1
    (world.folder / "damaged").write_bytes(damaged)
    for file, key in [("sealed", keys[1][0]), ("damaged", keys[0][0])]:
        refused = world.run(SCRIPTS / "sealed-plan", "open", file, "opened", PLAN_KEY=key)
        assert refused.returncode == 1 and "does not open" in refused.stderr
        assert not (world.folder / "opened").exists()


def setup_staging(world: World, copy: pathlib.Path, *jobs: str) -> tuple[str, str]:
    """Runs .github/setup; the key and the certificate of plans."""
    names = {"plan": "staging-plan", "drift": "staging-drift", "apply": "staging-apply", "deploy": "staging", "rollback": "staging-rollback"}
    roles = {job: f"arn:aws:iam::123456789012:role/delivery/taproom-staging-{job}" for job in names}
    world.stand_in("terraform", {"-json stack": json.dumps({"github_environments": names, "roles": roles})})
    world.stand_in("gh", {"orgs/example/teams/brewers": json.dumps({"reviewers": [{"type": "Team", "id": 5}], "prevent_self_review": True})})
    (copy / "terraform/environments/staging/release.auto.tfvars").write_text("release = {}")
    result = world.run(copy / ".github/setup", "staging", "example/brewers", *jobs)
    assert result.returncode == 0, result.stderr
    return world.asked("secret set PLAN_KEY --env staging-apply")[-1][1], world.asked("variable set PLAN_CERTIFICATE --env staging-plan")[-1][1]


def test_setup_guards_what_may_write(world: World, copy: pathlib.Path) -> None:
    setup_staging(world, copy, "apply")
    rules = {line.split()[4].rsplit("/", 1)[1]: json.loads(body) for line, body in world.asked("--method PUT")}
    assert {name for name, rule in rules.items() if rule["reviewers"]} == {"staging-apply"}
    assert {name for name, rule in rules.items() if rule["deployment_branch_policy"] is None} == {"staging-plan"}
    assert len(world.asked("--method POST")) == 4
    assert {line.split()[4] for line, _ in world.asked("variable set AWS_ROLE_ARN")} == set(rules)
    assert {line.split()[4] for line, body in world.asked("variable set TERRAFORM_RELEASE") if body == "release = {}"} == {"staging-plan", "staging-drift"}


def test_setup_sets_the_repositorys_variables(world: World, copy: pathlib.Path) -> None:
    outputs = {
        "repository_url": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/taproom",
        "build_role_arn": "arn:aws:iam::123456789012:role/delivery/taproom-build",
        "packages_bucket": "taproom-packages-123456789012",
    }
    world.stand_in("terraform", {"output -json": json.dumps({name: {"value": value} for name, value in outputs.items()})})
    world.stand_in("gh", {})
    for name in ["backend.tfbackend", "terraform.tfvars"]:
        (copy / "terraform" / name).write_text(name)
    result = world.run(copy / ".github/setup", "repository")
    assert result.returncode == 0, result.stderr
    given = {line.split()[2]: line.partition("--body ")[2] or body for line, body in world.asked("variable set")}
    assert given == {
        "AWS_REGION": "eu-west-1",
        "AWS_ACCOUNT_ID": "123456789012",
        "AWS_BUILD_ROLE_ARN": outputs["build_role_arn"],
        "IMAGE_REPOSITORY": outputs["repository_url"],
        "PACKAGES_BUCKET": outputs["packages_bucket"],
        "TERRAFORM_BACKEND": "backend.tfbackend",
        "TERRAFORM_TFVARS": "terraform.tfvars",
    }


def test_inputs_do_not_overwrite_yours(world: World, copy: pathlib.Path) -> None:
    script = copy / ".github/scripts/terraform-inputs"
    assert world.run(script, "staging", "backend", "release", TERRAFORM_BACKEND="a\nb", TERRAFORM_RELEASE="c").returncode == 0
    assert (copy / "terraform/backend.tfbackend").read_text() == "a\nb\n"
    assert world.run(script, "staging", "backend", TERRAFORM_BACKEND="a\nb").returncode == 0
    assert "move it away" in world.run(script, "staging", "backend", TERRAFORM_BACKEND="other").stderr
    assert "TERRAFORM_TFVARS is empty" in world.run(script, "staging", "tfvars").stderr
    assert "no environment ../.." in world.run(script, "../..", "tfvars").stderr


def test_a_version_is_cut_from_what_is_unreleased(world: World, copy: pathlib.Path) -> None:
    script = copy / ".github/scripts/changelog"
    before = (copy / "Cargo.lock").read_text()
    assert world.run(script, "cut", "7.0.0").returncode == 0
    assert world.run(script, "version").stdout == "7.0.0\n"
    assert world.run(script, "notes").stdout.startswith("### Added\n- The catalogue")
    changed = [line for line in (copy / "Cargo.lock").read_text().splitlines() if line == 'version = "7.0.0"']
    assert len(changed) - before.count('\nversion = "7.0.0"\n') == 6, "one for each package of the workspace"
    assert "nothing under Unreleased" in world.run(script, "cut", "8.0.0").stderr
    assert "no version" in world.run(script, "cut", "v9").stderr
    assert "says nothing of 9.0.0" in world.run(script, "notes", "9.0.0").stderr


def released(world: World, copy: pathlib.Path) -> tuple[pathlib.Path, str]:
    """A job's clone of the commit that makes this version 7.0.0, after which main has moved on; and the commit."""
    origin, clone = world.folder / "origin.git", world.folder / "checkout"
    git(world, world.folder, "init", "--quiet", "--bare", "--initial-branch", "main", str(origin))
    git(world, copy, "init", "--quiet", "--initial-branch", "main")
    git(world, copy, "remote", "add", "origin", str(origin))
    for version in ["", "7.0.0"]:
        if version:
            world.run(copy / ".github/scripts/changelog", "cut", version)
        git(world, copy, "add", ".")
        git(world, copy, "commit", "--quiet", "--message", f"version {version}")
    git(world, copy, "push", "--quiet", "origin", "main")
    git(world, world.folder, "clone", "--quiet", "--depth", "1", f"file://{origin}", str(clone))
    (copy / "CHANGELOG.md").write_text("newer")
    git(world, copy, "commit", "--quiet", "--all", "--message", "newer")
    git(world, copy, "push", "--quiet", "origin", "main")
    commit = git(world, clone, "rev-parse", "HEAD").strip()
    world.environment["GITHUB_SHA"] = commit
    world.stand_in("gh", {"release list": "v0.9.0"})
    return clone / ".github/scripts/publish-version", commit


def tag(world: World) -> str:
    return git(world, world.folder / "origin.git", "rev-parse", "refs/tags/v7.0.0^{commit}").strip()


def test_a_version_is_not_published_before_it_is_cut(world: World, copy: pathlib.Path) -> None:
    world.stand_in("gh", {"release list": "v0.9.0"})
    assert "nothing is published" in world.run(copy / ".github/scripts/publish-version", "sha256:1").stdout
    assert not world.asked("release create")


def test_a_version_is_tagged_and_published_once(world: World, copy: pathlib.Path) -> None:
    publish, commit = released(world, copy)
    result = world.run(publish, "sha256:1", "sbom.json")
    assert result.returncode == 0, result.stderr
    [(line, body)] = world.asked("release create")
    assert line.startswith("release create v7.0.0 sbom.json") and "--verify-tag" in line and "`sha256:1`" in body
    assert tag(world) == commit
    world.stand_in("gh", {"release list": "v7.0.0\nv0.9.0"})
    assert "published already" in world.run(publish, "sha256:1").stdout
    assert len(world.asked("release create")) == 1


def test_a_draft_is_not_published_yet(world: World, copy: pathlib.Path) -> None:
    publish, _ = released(world, copy)
    world.stand_in("gh", {"release list --exclude-drafts": "v0.9.0", "release list": "v7.0.0\nv0.9.0"})
    assert world.run(publish, "sha256:1").returncode == 0
    assert len(world.asked("release create")) == 1


@pytest.mark.parametrize("annotated", [[], ["--annotate", "--message", "by a person"]])
def test_a_version_that_is_tagged_already_is_published(world: World, copy: pathlib.Path, annotated: list[str]) -> None:
    publish, commit = released(world, copy)
    git(world, world.folder / "origin.git", "tag", *annotated, "v7.0.0", commit)
    result = world.run(publish, "sha256:1")
    assert result.returncode == 0, result.stderr
    assert len(world.asked("release create")) == 1 and tag(world) == commit


def test_a_tag_of_a_version_is_not_moved(world: World, copy: pathlib.Path) -> None:
    publish, _ = released(world, copy)
    git(world, world.folder / "origin.git", "tag", "v7.0.0", "main")
    refused = world.run(publish, "sha256:1")
    assert refused.returncode == 1 and f"is the tag of {tag(world)} already" in refused.stderr
    assert not world.asked("release create")


def test_a_tag_that_is_refused_is_left_to_a_person(world: World, copy: pathlib.Path) -> None:
    publish, commit = released(world, copy)
    hook = world.folder / "origin.git/hooks/update"
    hook.write_text("#!/bin/sh\necho 'refusing to allow a GitHub App to create or update workflow' >&2\nexit 1\n")
    hook.chmod(0o755)
    refused = world.run(publish, "sha256:1")
    assert refused.returncode == 1 and f"git push origin {commit}:refs/tags/v7.0.0" in refused.stderr
    assert not world.asked("release create")


def git(world: World, folder: pathlib.Path, *arguments: str) -> str:
    who = {"GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.com", "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.com"}
    result = world.run(pathlib.Path(str(shutil.which("git"))), "-C", str(folder), *arguments, **who)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_version_is_proposed_on_a_branch(world: World, copy: pathlib.Path) -> None:
    git(world, world.folder, "init", "--quiet", "--bare", "origin.git")
    git(world, copy, "init", "--quiet", "--initial-branch", "main")
    git(world, copy, "add", ".")
    git(world, copy, "commit", "--quiet", "--message", "all")
    git(world, copy, "remote", "add", "origin", str(world.folder / "origin.git"))
    world.stand_in("gh", {})
    world.run(copy / ".github/scripts/changelog", "cut", "7.0.0")
    result = world.run(copy / ".github/scripts/propose-version", "7.0.0")
    assert result.returncode == 0, result.stderr
    [(line, body)] = world.asked("pr create")
    assert "--head version-7.0.0 --base main" in line and body.startswith("### Added")
    pushed = git(world, world.folder / "origin.git", "show", "--stat", "version-7.0.0")
    assert "Make this version 7.0.0" in pushed and "CHANGELOG.md" in pushed


def test_only_what_main_has_is_checked_out(world: World, copy: pathlib.Path) -> None:
    """As in `deploy`: in a clone of main, which has moved on since the commit."""
    script = ".github/scripts/checkout-release"
    git(world, world.folder, "init", "--quiet", "--bare", "--initial-branch", "main", "origin.git")
    git(world, copy, "init", "--quiet", "--initial-branch", "main")
    git(world, copy, "remote", "add", "origin", str(world.folder / "origin.git"))
    commits = []
    for branch, text in [("main", "released"), ("main", "newest"), ("aside", "not merged")]:
        if branch != "main":
            git(world, copy, "switch", "--quiet", "--create", branch)
        # Each commit has another script.
        with (copy / script).open("a") as file:
            file.write(f"# {text}\n")
        git(world, copy, "add", ".")
        git(world, copy, "commit", "--quiet", "--message", text)
        commits.append(git(world, copy, "rev-parse", "HEAD").strip())
    git(world, copy, "push", "--quiet", "origin", "main", "aside")
    git(world, world.folder, "clone", "--quiet", f"file://{world.folder}/origin.git", "checkout")
    clone = world.folder / "checkout"

    for commit, said in [(commits[2], "main does not have"), (commits[0][:12], "no full hash"), ("main", "no full hash"), ("0" * 40, "there is no commit")]:
        refused = world.run(clone / script, commit)
        assert refused.returncode == 1 and said in refused.stderr
        assert git(world, clone, "rev-parse", "HEAD").strip() == commits[1]
    for commit in commits[:2]:
        result = world.run(clone / script, commit)
        assert result.returncode == 0, result.stderr
        assert git(world, clone, "rev-parse", "HEAD").strip() == commit
    assert not git(world, clone, "status", "--porcelain")


def test_a_release_goes_only_forward(world: World, copy: pathlib.Path) -> None:
    git(world, copy, "init", "--quiet", "--initial-branch", "main")
    commits = []
    for text in ["older", "middle", "newer"]:
        git(world, copy, "commit", "--quiet", "--allow-empty", "--message", text)
        commits.append(git(world, copy, "rev-parse", "HEAD").strip())
    git(world, copy, "branch", "terraform")
    slot = copy / "codedeploy/slot"
    slot.parent.mkdir()

    def release(live: str, commit: str = commits[1], code: int = 0) -> tuple[int, str]:
        slot.write_text(f'#!/bin/sh\n[ "$*" = "--environment staging" ] && printf "idle=green\\nlive=blue\\ncommit=%s\\n" "{live}"\nexit {code}\n')
        slot.chmod(0o755)
        result = world.run(copy / ".github/scripts/only-forward", "staging", commit)
        return result.returncode, result.stdout + result.stderr

    assert release(commits[0])[0] == release(commits[1])[0] == 0
    code, said = release(commits[2])
    assert code == 1 and f"users of staging have {commits[2]}, which is newer than {commits[1]}" in said and "deploy by hand" in said
    # By hand a commit may be given by its beginning.
    assert release(commits[2][:7])[0] == 1
    # Terraform's, one that was built elsewhere, and none.
    for live in ["terraform", "f" * 40, ""]:
        code, said = release(live)
        assert code == 0 and "is not in this history" in said
    # Not knowing is not going on.
    assert release(commits[0], code=4)[0] == 4
    assert release(commits[0], commit="e" * 40)[0] == 128


@pytest.mark.parametrize(("code", "accepted", "ends"), [(0, "", 0), (1, "", 1), (1, "accepted", 0), (2, "accepted", 2)])
def test_a_schema_breaks_clients_only_if_that_is_accepted(world: World, copy: pathlib.Path, code: int, accepted: str, ends: int) -> None:
    (copy / "api").mkdir()
    (copy / "api/schema.graphql").write_text("type Query { beer: ID }")
    git(world, copy, "init", "--quiet", "--initial-branch", "main")
    git(world, copy, "add", ".")
    git(world, copy, "commit", "--quiet", "--message", "all")
    world.stand_in("cargo", {"breaking_changes": [code, "Query.ale is gone" if code == 1 else ""]})
    result = world.run(copy / ".github/scripts/schema-diff", "main", accepted)
    assert result.returncode == ends, result.stderr
    assert ("Query.ale is gone" in result.stdout) == (code == 1)
