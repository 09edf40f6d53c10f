"""The small commands."""

from __future__ import annotations

import contextlib
import io
import unittest
from collections.abc import Iterator
from unittest import mock

from rollout import by_hand, scaling

from .support import SETTINGS, Told, quiet, refusal

SUSPENDED, RUNNING = ({"ScalableTargets": [{"SuspendedState": state}]} for state in (scaling.SUSPENDED, scaling.RESUMED))


@contextlib.contextmanager
def environment(aws: Told) -> Iterator[io.StringIO]:
    with (
        quiet() as said,
        mock.patch("rollout.session.interruption.listen"),
        mock.patch("rollout.settings.load", return_value=SETTINGS),
        mock.patch("rollout.session.Aws", return_value=aws),
    ):
        yield said


class Slot(unittest.TestCase):
    def test_what_users_have_is_what_the_primary_task_set_runs(self) -> None:
        blue, green = SETTINGS.rollout["target_groups"].values()
        container = {"name": "taproom", "image": "taproom@sha256:1", "dockerLabels": {"org.opencontainers.image.revision": "c0ffee"}}
        aws = Told(
            describe_listeners={
                "Listeners": [
                    {
                        "DefaultActions": [
                            {
                                "Type": "forward",
                                "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": blue, "Weight": 100}, {"TargetGroupArn": green, "Weight": 0}]},
                            }
                        ]
                    }
                ]
            },
            describe_services={
                "services": [
                    {"taskDefinition": "f:1", "taskSets": [{"status": "ACTIVE", "taskDefinition": "f:3"}, {"status": "PRIMARY", "taskDefinition": "f:2"}]}
                ]
            },
            describe_task_definition={"taskDefinition": {"taskDefinitionArn": "f:2", "containerDefinitions": [container]}},
        )
        with environment(aws) as said:
            self.assertEqual(by_hand.slot(["--environment", "staging"]), 0)
        self.assertEqual(said.getvalue(), "idle=green\nlive=blue\ncommit=c0ffee\n")
        self.assertEqual(aws.calls[-1], ("describe-task-definition", {"taskDefinition": "f:2"}))

    def test_the_slots_are_told_even_if_nobody_knows_what_runs(self) -> None:
        blue, green = SETTINGS.rollout["target_groups"].values()
        weights = {"TargetGroups": [{"TargetGroupArn": blue, "Weight": 0}, {"TargetGroupArn": green, "Weight": 100}]}
        listener = {"Listeners": [{"DefaultActions": [{"Type": "forward", "ForwardConfig": weights}]}]}
        with environment(Told(describe_listeners=listener, describe_services=refusal("ThrottlingException"))) as said:
            self.assertEqual(by_hand.slot(["--environment", "staging"]), 1)
        self.assertIn("idle=blue\nlive=green\n", said.getvalue())


@mock.patch("time.sleep", mock.Mock())
class Scaling(unittest.TestCase):
    def scale(self, *arguments: str, suspended: dict, under_way: bool) -> tuple[int, str, list[dict]]:
        """The exit code, what was said, and what scaling was set to."""
        aws = Told(
            describe_scalable_targets={"ScalableTargets": [{"SuspendedState": suspended}]},
            register_scalable_target={},
            list_deployments={"deployments": ["d-1"] if under_way else []},
        )
        with environment(aws) as said:
            code = by_hand.scale([*arguments, "--environment", "staging"])
        return code, said.getvalue(), [given["SuspendedState"] for operation, given in aws.calls if operation == "register-scalable-target"]

    def test_it_is_resumed_unless_a_deployment_is_under_way(self) -> None:
        code, _, put = self.scale("resume", "--unless-under-way", suspended=scaling.SUSPENDED, under_way=False)
        self.assertEqual((code, put), (0, [scaling.RESUMED]))
        code, said, put = self.scale("resume", "--unless-under-way", suspended=scaling.SUSPENDED, under_way=True)
        self.assertEqual((code, put), (0, []))
        self.assertIn("d-1 is under way. Once it has ended, and scaling is still suspended: codedeploy/scaling resume --environment staging", said)

    def test_whoever_says_no_more_resumes_it_at_once(self) -> None:
        code, _, put = self.scale("resume", suspended=scaling.SUSPENDED, under_way=True)
        self.assertEqual((code, put), (0, [scaling.RESUMED]))

    def test_no_other_action_has_that_option(self) -> None:
        code, _, put = self.scale("suspend", "--unless-under-way", suspended={}, under_way=False)
        self.assertEqual((code, put), (2, []))

    def test_suspended_for_no_deployment_fails_a_check(self) -> None:
        for suspended in (scaling.SUSPENDED, {"ScheduledScalingSuspended": True}):
            code, said, put = self.scale("check", suspended=suspended, under_way=False)
            self.assertEqual((code, put), (4, []))
            self.assertIn("while no deployment is under way", said)
            self.assertIn("codedeploy/scaling resume --environment staging", said)

    def test_but_not_for_one_that_is_about_to_be_there(self) -> None:
        for found in ({"list_deployments": [{"deployments": []}, {"deployments": ["d-1"]}]}, {"describe_scalable_targets": [SUSPENDED, RUNNING]}):
            answers = {"list_deployments": {"deployments": []}, "describe_scalable_targets": SUSPENDED, **found}
            with environment(Told(**answers)):
                self.assertEqual(by_hand.scale(["check", "--environment", "staging"]), 0)

    def test_a_check_finds_nothing(self) -> None:
        for suspended, under_way in ((scaling.RESUMED, False), (scaling.SUSPENDED, True)):
            code, _, put = self.scale("check", suspended=suspended, under_way=under_way)
            self.assertEqual((code, put), (0, []))
