"""What goes wrong between two steps."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import unittest
from unittest import mock

from rollout import deployments, interruption, scaling
from rollout.aws import AwsError
from rollout.ending import Failed, Unknown
from rollout.following import Follower

from .support import SETTINGS, Told, quiet, refusal

LOST = AwsError("aws deploy create-deployment", "Connection was closed before we received a valid response from endpoint URL")
REQUEST = {"description": "deploy taproom-staging:2 release-2 #00000001"}


@mock.patch("time.sleep")
class Creating(unittest.TestCase):
    def create(self, aws: Told) -> str:
        with quiet():
            return deployments.create(aws, SETTINGS, dict(REQUEST))

    def test_a_lost_answer_is_found_again(self, _sleep: mock.Mock) -> None:
        aws = Told(
            create_deployment=LOST,
            list_deployments={"deployments": ["d-OTHER", "d-OURS"]},
            get_deployment=[{"deploymentInfo": {"description": "x"}}, {"deploymentInfo": REQUEST}],
        )
        self.assertEqual(self.create(aws), "d-OURS")
        self.assertEqual(aws.count("create-deployment"), 1)

    def test_a_request_that_never_arrived_is_made_again(self, _sleep: mock.Mock) -> None:
        aws = Told(create_deployment=[LOST, refusal("ThrottlingException"), {"deploymentId": "d-1"}], list_deployments={"deployments": []})
        self.assertEqual(self.create(aws), "d-1")

    def test_the_limit_may_be_our_own_deployment(self, _sleep: mock.Mock) -> None:
        aws = Told(
            create_deployment=refusal("DeploymentLimitExceededException"), list_deployments={"deployments": ["d-1"]}, get_deployment={"deploymentInfo": REQUEST}
        )
        self.assertEqual(self.create(aws), "d-1")

    def test_or_somebody_elses(self, _sleep: mock.Mock) -> None:
        aws = Told(
            create_deployment=refusal("DeploymentLimitExceededException"), list_deployments={"deployments": ["d-1"]}, get_deployment={"deploymentInfo": {}}
        )
        with self.assertRaisesRegex(Failed, "another deployment was quicker"):
            self.create(aws)

    def test_a_refusal_is_not_repeated(self, _sleep: mock.Mock) -> None:
        aws = Told(create_deployment=refusal("InvalidECSServiceException"), list_deployments={"deployments": []})
        with self.assertRaisesRegex(Failed, "no deployment was created"):
            self.create(aws)
        self.assertEqual(aws.count("create-deployment"), 1)

    def test_blind_it_says_so_and_makes_no_other(self, _sleep: mock.Mock) -> None:
        aws = Told(create_deployment=LOST, list_deployments=LOST)
        with self.assertRaisesRegex(Unknown, "is not known"):
            self.create(aws)
        self.assertEqual(aws.count("create-deployment"), 1)


@mock.patch("time.sleep")
class Following(unittest.TestCase):
    def follow(self, **answers: object) -> object:
        with quiet():
            return Follower(Told(**answers), SETTINGS, "d-1", poll=1, limit=3600).follow()

    def test_a_question_may_fail(self, _sleep: mock.Mock) -> None:
        ended = {"deploymentInfo": {"deploymentId": "d-1", "status": "Succeeded"}}
        followed = self.follow(get_deployment=[LOST, refusal("ThrottlingException"), ended], list_deployment_targets=refusal("DeploymentNotStartedException"))
        self.assertTrue(followed.succeeded)

    def test_but_not_for_ever(self, sleep: mock.Mock) -> None:
        with self.assertRaisesRegex(Unknown, "d-1 goes on. Look: codedeploy/follow"):
            self.follow(get_deployment=LOST)
        self.assertEqual(sleep.call_count, 11)

    def test_nor_after_the_login_has_expired(self, sleep: mock.Mock) -> None:
        with self.assertRaises(Unknown):
            self.follow(get_deployment=refusal("ExpiredTokenException"))
        sleep.assert_not_called()


class Scaling(unittest.TestCase):
    def targets(self, **state: bool) -> dict:
        return {"ScalableTargets": [{"SuspendedState": state}]}

    def put(self, aws: Told) -> list[dict]:
        return [given["SuspendedState"] for operation, given in aws.calls if operation == "register-scalable-target"]

    def test_it_is_put_back_as_it_was(self) -> None:
        aws = Told(describe_scalable_targets=self.targets(ScheduledScalingSuspended=True), register_scalable_target={})
        with quiet(), self.assertRaises(Failed), scaling.suspended(aws, SETTINGS, self.fail):
            raise Failed("the deployment")
        self.assertEqual(self.put(aws), [scaling.SUSPENDED, {**scaling.RESUMED, "ScheduledScalingSuspended": True}])

    def test_a_job_knows_whether_it_still_has_to_be(self) -> None:
        def told(*answers: object) -> list[str]:
            aws = Told(describe_scalable_targets=self.targets(), register_scalable_target=list(answers))
            with tempfile.NamedTemporaryFile("r") as outputs, mock.patch.dict(os.environ, GITHUB_OUTPUT=outputs.name):
                with quiet(), contextlib.suppress(AwsError), scaling.suspended(aws, SETTINGS, lambda _: None):
                    self.assertEqual(outputs.read(), "scaling=suspended\n")
                return outputs.read().splitlines()

        self.assertEqual(told({}, {}), ["scaling=as it was"])
        self.assertEqual(told({}, LOST), [])
        self.assertEqual(told(refusal("AccessDeniedException"))[-1:], ["scaling=as it was"])

    def test_also_if_suspending_was_not_answered(self) -> None:
        aws = Told(describe_scalable_targets=self.targets(), register_scalable_target=[LOST, {}])
        with quiet(), self.assertRaises(AwsError), scaling.suspended(aws, SETTINGS, self.fail):
            self.fail("it is not suspended")
        self.assertEqual(self.put(aws), [scaling.SUSPENDED, scaling.RESUMED])

    def test_what_somebody_else_suspended_stays_so(self) -> None:
        aws = Told(describe_scalable_targets=self.targets(**scaling.SUSPENDED))
        with quiet() as said, scaling.suspended(aws, SETTINGS, self.fail):
            pass
        self.assertIn("codedeploy/scaling resume --environment staging", said.getvalue())
        self.assertEqual(self.put(aws), [])

    def test_what_cannot_be_put_back_is_said(self) -> None:
        stuck: list[str] = []
        aws = Told(describe_scalable_targets=self.targets(), register_scalable_target=[{}, LOST])
        with quiet(), scaling.suspended(aws, SETTINGS, stuck.append):
            pass
        self.assertIn("codedeploy/scaling resume", stuck[0])

    def test_a_service_that_is_not_scaled(self) -> None:
        aws = Told(describe_scalable_targets={"ScalableTargets": []})
        with quiet(), scaling.suspended(aws, SETTINGS, self.fail):
            pass
        self.assertEqual(self.put(aws), [])


class Interruption(unittest.TestCase):
    def setUp(self) -> None:
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        self.addCleanup(lambda: [signal.signal(number, handler) for number, handler in before.items()])
        self.addCleanup(interruption.__dict__.update, {"_pending": None, "_deferred": 0, "_raised": False})
        interruption.listen()

    def test_what_must_be_whole_is_done_first(self) -> None:
        steps = []
        with self.assertRaises(interruption.Interrupted) as raised, interruption.deferred():
            os.kill(os.getpid(), signal.SIGTERM)
            steps.append("done")
        self.assertEqual((steps, raised.exception.code), (["done"], 143))

    def test_scaling_is_put_back(self) -> None:
        aws = Told(describe_scalable_targets={"ScalableTargets": [{}]}, register_scalable_target={})
        with quiet(), self.assertRaises(interruption.Interrupted), scaling.suspended(aws, SETTINGS, self.fail):
            os.kill(os.getpid(), signal.SIGINT)
        self.assertEqual(aws.count("register-scalable-target"), 2)

    def test_a_second_one_does_not_stop_that(self) -> None:
        with self.assertRaises(interruption.Interrupted):
            try:
                os.kill(os.getpid(), signal.SIGINT)
            finally:
                os.kill(os.getpid(), signal.SIGINT)
