"""Slots, waits, errors, alarms: what is read of AWS' answers."""

from __future__ import annotations

import unittest
from unittest import mock

from rollout import alarms, slots, verification, waits
from rollout.aws import AwsError, moment
from rollout.ending import Misused, Refused
from rollout.following import Event, changes, traffic
from rollout.watchdog import crashes, is_loop, reason

from .support import SETTINGS, Told, refusal

BLUE, GREEN = SETTINGS.rollout["target_groups"].values()


def listener(*groups: tuple[str, int]) -> dict:
    return {"DefaultActions": [{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in groups]}}]}


class Slots(unittest.TestCase):
    def of(self, described: dict) -> tuple[str, str]:
        return slots.of(slots.weights(described), SETTINGS.rollout["target_groups"])

    def test_the_one_with_all_of_the_traffic_is_live(self) -> None:
        self.assertEqual(self.of(listener((BLUE, 100), (GREEN, 0))), ("blue", "green"))
        self.assertEqual(self.of(listener((GREEN, 100), (BLUE, 0))), ("green", "blue"))

    def test_a_group_alone_has_all_of_it(self) -> None:
        self.assertEqual(self.of({"DefaultActions": [{"Type": "forward", "TargetGroupArn": GREEN}]}), ("green", "blue"))
        self.assertEqual(self.of(listener((GREEN, 0))), ("green", "blue"))
        self.assertEqual(self.of(listener((BLUE, 1))), ("blue", "green"))

    def test_in_between_nothing_is_idle(self) -> None:
        for groups in (((BLUE, 90), (GREEN, 10)), ((BLUE, 0), (GREEN, 0)), (("arn:other", 100), (BLUE, 0))):
            with self.assertRaisesRegex(Refused, "neither slot is idle"):
                self.of(listener(*groups))
        with self.assertRaises(Refused):
            self.of({"DefaultActions": [{"Type": "fixed-response"}]})


@mock.patch("time.sleep")
class Verification(unittest.TestCase):
    DEFINITION, IMAGE = "arn:aws:ecs:eu-west-1:123456789012:task-definition/taproom-staging:2", "taproom@sha256:1"

    def tasks(self, *digests: str | None) -> dict:
        containers = [{"name": "taproom", "imageDigest": digest} if digest else {"name": "taproom"} for digest in digests]
        return {
            "tasks": [
                {"taskDefinitionArn": self.DEFINITION, "containers": [container, {"name": "collector", "imageDigest": "sha256:c"}]} for container in containers
            ]
        }

    def problems(self, *described: dict) -> list[str]:
        aws = Told(
            describe_services={"services": [{"taskSets": [{"status": "PRIMARY", "taskDefinition": self.DEFINITION}]}]},
            describe_task_definition={
                "taskDefinition": {"taskDefinitionArn": self.DEFINITION, "containerDefinitions": [{"name": "taproom", "image": self.IMAGE}]}
            },
            list_tasks={"taskArns": ["arn:task"]},
            describe_tasks=list(described),
            describe_listeners={"Listeners": [listener((BLUE, 100), (GREEN, 0))]},
        )
        return verification.problems(aws, SETTINGS, self.IMAGE)

    def test_tasks_prove_the_digest(self, sleep: mock.Mock) -> None:
        self.assertEqual(self.problems(self.tasks("sha256:1", "sha256:1")), [])
        sleep.assert_not_called()

    def test_another_digest(self, sleep: mock.Mock) -> None:
        for digests in (("sha256:2",), ("sha256:1", "sha256:2")):
            self.assertEqual(self.problems(self.tasks(*digests)), [f"its tasks run {', '.join(digests)}, and not sha256:1"])
        sleep.assert_not_called()

    def test_no_digest_proves_nothing(self, sleep: mock.Mock) -> None:
        for described in (self.tasks(), self.tasks(None, None)):
            self.assertEqual(self.problems(described), ["none of its tasks tells which digest it runs, so that nothing proves that it is sha256:1"])
        self.assertEqual(sleep.call_count, 2 * (verification.ATTEMPTS - 1))

    def test_a_digest_may_be_told_late(self, sleep: mock.Mock) -> None:
        self.assertEqual(self.problems(self.tasks(), self.tasks(None), self.tasks("sha256:1")), [])
        self.assertEqual(sleep.call_count, 2)


class Waits(unittest.TestCase):
    GROUP = {
        "blueGreenDeploymentConfiguration": {
            "deploymentReadyOption": {"actionOnTimeout": "CONTINUE_DEPLOYMENT", "waitTimeInMinutes": 0},
            "terminateBlueInstancesOnDeploymentSuccess": {"terminationWaitTimeInMinutes": 60},
        }
    }

    def test_a_canary_waits_once(self) -> None:
        routing = {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 10, "canaryInterval": 10}}
        self.assertEqual(waits.shift_seconds(routing), 600)

    def test_a_linear_shift_waits_between_its_steps(self) -> None:
        def linear(percentage: int, minutes: int) -> dict:
            return {"type": "TimeBasedLinear", "timeBasedLinear": {"linearPercentage": percentage, "linearInterval": minutes}}

        self.assertEqual(waits.shift_seconds(linear(10, 3)), 27 * 60)
        self.assertEqual(waits.shift_seconds(linear(30, 5)), 15 * 60)

    def test_all_at_once_waits_for_nothing(self) -> None:
        self.assertEqual(waits.shift_seconds({"type": "AllAtOnce"}), 0)
        self.assertEqual(waits.shift_seconds({}), 0)

    def test_all_of_it(self) -> None:
        found = waits.of({"type": "TimeBasedCanary", "timeBasedCanary": {"canaryInterval": 10}}, self.GROUP, hooks=2)
        self.assertEqual(found.limit, 3 * 3600 + 600 + 3600 + 900)
        self.assertIn("traffic is shifted in 10 min; the old tasks are kept for 1 h", str(found))

    def test_somebody_who_has_to_agree(self) -> None:
        group = {"blueGreenDeploymentConfiguration": {"deploymentReadyOption": {"actionOnTimeout": "STOP_DEPLOYMENT", "waitTimeInMinutes": 30}}}
        self.assertEqual(waits.of({}, group, 0).ready, 1800)


class Errors(unittest.TestCase):
    def test_aws_own(self) -> None:
        error = refusal("ThrottlingException", "Rate exceeded")
        self.assertEqual((error.code, error.message, error.passing, error.unanswered), ("ThrottlingException", "Rate exceeded", True, False))
        self.assertFalse(refusal("AccessDeniedException").passing)
        self.assertTrue(refusal("ExpiredTokenException").expired)

    def test_no_answer(self) -> None:
        error = AwsError("aws x y", 'Could not connect to the endpoint URL: "https://codedeploy…"')
        self.assertTrue(error.unanswered and error.passing)

    def test_what_the_cli_finds_itself(self) -> None:
        self.assertFalse(AwsError("aws x y", "Unable to locate credentials. You can configure credentials by running aws configure").passing)

    def test_times_of_both_clis(self) -> None:
        self.assertEqual(moment(1_700_000_000.5), moment("2023-11-14T22:13:20.500000+00:00"))
        self.assertEqual(moment("2023-11-14T22:13:20Z"), moment(1_700_000_000))
        self.assertIsNone(moment(None))


class Gate(unittest.TestCase):
    def test_of_the_idle_slot_and_of_both(self) -> None:
        self.assertEqual(alarms.gate(SETTINGS, "green", []), ["g", "s"])
        self.assertEqual(alarms.gate(SETTINGS, "green", ["g"]), ["s"])

    def test_never_none_and_never_a_strange_one(self) -> None:
        for without in (["g", "s"], ["b"]):
            with self.assertRaises(Misused):
                alarms.gate(SETTINGS, "green", without)

    def test_that_fires_or_is_not_there(self) -> None:
        for found in ([{"AlarmName": "g", "StateValue": "ALARM"}, {"AlarmName": "s", "StateValue": "OK"}], [{"AlarmName": "g", "StateValue": "OK"}]):
            with self.assertRaises(Refused):
                alarms.refuse_if_firing(Told(describe_alarms={"MetricAlarms": found}), ["g", "s"])
        quiet = [{"AlarmName": "g", "StateValue": "INSUFFICIENT_DATA"}, {"AlarmName": "s", "StateValue": "OK"}]
        alarms.refuse_if_firing(Told(describe_alarms={"MetricAlarms": quiet}), ["g", "s"])


class Progress(unittest.TestCase):
    def test_each_change_is_told_once(self) -> None:
        told: dict[str, str] = {}
        self.assertEqual(changes(told, [Event("Install", "InProgress", None, ""), Event("AllowTraffic", "Pending", None, "")]), ["Install begins"])
        self.assertEqual(changes(told, [Event("Install", "InProgress", None, "")]), [])
        self.assertEqual(changes(told, [Event("Install", "Failed", 95, "no tasks")]), ["Install: Failed after 1 min 35 s: no tasks"])

    def test_traffic_is_told_by_slot(self) -> None:
        sets = [
            {"taskSetLabel": "Blue", "trafficWeight": 90.0, "targetGroup": {"name": "taproom-staging-green"}},
            {"trafficWeight": 10.0, "targetGroup": {"name": "taproom-staging-blue"}},
        ]
        self.assertEqual(traffic({"taskSetsInfo": sets}, SETTINGS.rollout["target_groups"]), "blue 10 %, green 90 %")

    def test_a_crash_loop(self) -> None:
        self.assertFalse(is_loop(2, 1))
        self.assertTrue(is_loop(3, 1))
        self.assertFalse(is_loop(9, 5))
        self.assertTrue(is_loop(10, 5))

    def test_spot_is_no_crash(self) -> None:
        self.assertEqual(len(crashes([{"stopCode": "SpotInterruption"}, {"stopCode": "EssentialContainerExited"}])), 1)

    def test_why_a_task_stopped(self) -> None:
        task = {
            "stopCode": "EssentialContainerExited",
            "stoppedReason": "Essential container in task exited",
            "containers": [{"name": "taproom", "exitCode": 1}, {"name": "collector", "exitCode": 0}],
        }
        self.assertEqual(reason(task), "EssentialContainerExited; Essential container in task exited; taproom: exit code 1")
