"""Finding, tagging and verifying an image; the registry is moto's, by the real AWS CLI."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator

import pytest
from conftest import ROOT, World

SCRIPT = ROOT / ".github/scripts/image"
COMMIT = "a" * 40
# With a line's end, which a shell would lose.
MANIFEST = (
    json.dumps(
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": {"digest": "sha256:" + "d" * 64}, "layers": []}, indent=2
    )
    + "\n"
)

if os.environ.get("CI") != "true":
    pytest.importorskip("moto.server")


@pytest.fixture
def registry(world: World) -> Iterator[str]:
    """The digest of an image without a tag."""
    import boto3
    from moto.server import ThreadedMotoServer

    aws = shutil.which("aws")
    if not aws and os.environ.get("CI") != "true":
        pytest.skip("the AWS CLI is missing")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-west-1"}
    world.environment |= keys | {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "IMAGE_REPOSITORY": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/taproom",
    }
    ecr = boto3.client("ecr", endpoint_url=f"http://{host}:{port}", region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")
    ecr.create_repository(repositoryName="taproom", imageTagMutability="IMMUTABLE")
    yield ecr.put_image(repositoryName="taproom", imageManifest=MANIFEST)["image"]["imageId"]["imageDigest"]
    server.stop()


def test_a_tag_comes_last_and_once(world: World, registry: str) -> None:
    assert world.run(SCRIPT, "find", COMMIT).stdout == ""
    tagged = world.run(SCRIPT, "tag", registry, "run-1-1", COMMIT)
    assert tagged.returncode == 0, tagged.stderr
    assert world.run(SCRIPT, "find", COMMIT).stdout == registry + "\n"
    assert world.run(SCRIPT, "tag", registry, COMMIT).returncode == 0
    assert "has no image" in world.run(SCRIPT, "tag", "sha256:" + "0" * 64, "run-2-1").stderr


def test_a_tag_is_not_moved(world: World) -> None:
    one, other = "sha256:" + "1" * 64, "sha256:" + "2" * 64
    world.stand_in("aws", {"batch-get-image": json.dumps({"images": [{"imageManifest": "{}", "imageManifestMediaType": "x"}]}), "describe-images": other})
    moved = world.run(SCRIPT, "tag", one, COMMIT, IMAGE_REPOSITORY="registry/taproom")
    assert moved.returncode == 1 and "cannot be moved" in moved.stderr
    assert not world.asked("put-image")


def test_a_manifest_without_a_type_gets_no_tag(world: World) -> None:
    world.stand_in("aws", {"batch-get-image": json.dumps({"images": [{"imageManifest": "{}"}]}), "describe-images": ""})
    refused = world.run(SCRIPT, "tag", "sha256:" + "1" * 64, COMMIT, IMAGE_REPOSITORY="registry/taproom")
    assert refused.returncode == 1 and "does not say of which type" in refused.stderr
    assert not world.asked("put-image")


def test_a_registry_that_does_not_answer_is_no_missing_image(world: World) -> None:
    world.stand_in("aws", {"describe-images": [254, ""]})
    result = world.run(SCRIPT, "find", COMMIT, IMAGE_REPOSITORY="registry/taproom")
    assert result.returncode == 1 and "does not say" in result.stderr


def verify(world: World, cosign: int, gh: int) -> str:
    world.stand_in("cosign", {"verify": [cosign, ""]})
    world.stand_in("gh", {"attestation": [gh, ""]})
    result = world.run(SCRIPT, "verify", "sha256:1", COMMIT, IMAGE_REPOSITORY="registry/taproom")
    assert result.returncode == (1 if cosign or gh else 0)
    return result.stdout + result.stderr


def test_only_what_the_release_workflow_built_is_verified(world: World) -> None:
    assert "was built and signed" in verify(world, 0, 0)
    [(signature, _)] = world.asked("--certificate-identity")
    assert "https://github.com/example/taproom/.github/workflows/release.yml@refs/heads/main registry/taproom@sha256:1" in signature
    assert [line.split("--predicate-type ")[1] for line, _ in world.asked("attestation")] == [
        "https://slsa.dev/provenance/v1",
        "https://spdx.dev/Document/v2.3",
    ]
    assert all(f"--source-digest {COMMIT}" in line and "--deny-self-hosted-runners" in line for line, _ in world.asked("attestation"))
    assert "no signature" in verify(world, 1, 0)
    assert "no attestation" in verify(world, 0, 1)


@pytest.mark.parametrize("commit", ["a" * 12, "main", "A" * 40, "a" * 41])
def test_a_commit_is_named_in_full(world: World, commit: str) -> None:
    world.stand_in("cosign", {})
    refused = world.run(SCRIPT, "verify", "sha256:1", commit, IMAGE_REPOSITORY="registry/taproom")
    assert refused.returncode == 1 and "no full hash" in refused.stderr
    assert not world.asked("verify")
