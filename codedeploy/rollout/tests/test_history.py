"""Which version was before."""

from __future__ import annotations

import datetime
import unittest

from rollout import history
from rollout.definitions import Version
from rollout.deployments import DESCRIPTION, definition_in, describe
from rollout.history import Entry

DAY = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)


def version(name: str, deployment: str = "") -> Version:
    return Version(f"arn:{name}", f"repository@sha256:{name}", f"c0ffee{name}", deployment or f"release-{name}")


def entries(*names: str) -> list[Entry]:
    """`a b <a`: a, then b, then back to a."""
    return [Entry(DAY + datetime.timedelta(days=day), version(name.lstrip("<")), name.startswith("<")) for day, name in enumerate(names)]


def before(present: str, *names: str) -> str | None:
    found = history.before(entries(*names), version(present))
    return found and found.digest.removeprefix("sha256:")


class Before(unittest.TestCase):
    def test_the_one_before(self) -> None:
        self.assertEqual(before("c", "a", "b", "c"), "b")

    def test_whatever_the_order_of_the_answer(self) -> None:
        self.assertEqual(history.before(list(reversed(entries("a", "b", "c"))), version("c")), version("b"))

    def test_what_was_taken_back_is_not_brought_again(self) -> None:
        self.assertEqual(before("b", "a", "b", "c", "<b"), "a")
        self.assertIsNone(before("a", "a", "b", "<a"))

    def test_a_release_after_that_has_it_before(self) -> None:
        self.assertEqual(before("d", "a", "b", "c", "<b", "d"), "b")

    def test_the_same_version_again_is_none_before(self) -> None:
        self.assertEqual(before("b", "a", "b", "b"), "a")

    def test_forward_again_by_name(self) -> None:
        self.assertEqual(before("b", "a", "b", "<a", "<b"), "a")

    def test_a_version_that_no_deployment_brought(self) -> None:
        self.assertEqual(before("x", "a", "b"), "b")
        self.assertIsNone(before("x"))

    def test_never_terraforms(self) -> None:
        first = Entry(DAY - datetime.timedelta(days=1), version("t", history.FIRST), False)
        self.assertIsNone(history.before([first, *entries("a")], version("a")))
        self.assertEqual(history.before([first, *entries("a", "b")], version("b")), version("a"))


class Named(unittest.TestCase):
    def test_by_digest_or_commit(self) -> None:
        for wanted in ("sha256:b", "b", "repository@sha256:b", "c0ffeeb"):
            self.assertEqual(history.named(entries("a", "b", "c"), wanted), version("b"), wanted)
        self.assertIsNone(history.named(entries("a"), "sha256:z"))


class Description(unittest.TestCase):
    DEFINITION = "arn:aws:ecs:eu-west-1:123456789012:task-definition/taproom-staging:12"

    def test_it_names_the_definition(self) -> None:
        text = describe("deploy", self.DEFINITION, "release-47")
        self.assertRegex(text, r"^deploy taproom-staging:12 release-47 #[0-9a-f]{8}$")
        self.assertEqual(definition_in(text), "taproom-staging:12")

    def test_it_is_no_longer_than_codedeploy_takes(self) -> None:
        text = describe("rollback", self.DEFINITION, "r" * 255)
        self.assertEqual(len(text), DESCRIPTION)
        self.assertRegex(text, r" #[0-9a-f]{8}$")

    def test_no_two_are_alike(self) -> None:
        self.assertNotEqual(describe("deploy", self.DEFINITION, "x"), describe("deploy", self.DEFINITION, "x"))

    def test_those_of_others(self) -> None:
        self.assertIsNone(definition_in("Fix for the login:12"))
        self.assertIsNone(definition_in(""))
