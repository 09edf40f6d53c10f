"""Taking back what is under way, and putting back what was before."""

from __future__ import annotations

import argparse
import json
import pathlib
import tempfile
import unittest
from unittest import mock

from rollout import definitions, release, rollback, waits
from rollout.aws import AwsError
from rollout.definitions import Version
from rollout.ending import Misused, Refused, Unknown
from rollout.following import Followed
from rollout.session import Session
from rollout.summary import Report

from .support import SETTINGS, Told, quiet, refusal

CANDIDATE, BEFORE = (f"arn:aws:ecs:eu-west-1:123456789012:task-definition/taproom-staging:{revision}" for revision in (2, 1))
RELEASE = {"deploymentId": "d-1", "status": "Stopped", "creator": "user", "description": "deploy taproom-staging:2 release-2 #00000001"}
# CodeDeploy's own, whose revision is what it puts back.
BACK = {"deploymentId": "d-2", "status": "Succeeded", "creator": "codeDeployRollback", "revision": {"string": {"content": f'"TaskDefinition": "{BEFORE}"'}}}


GROUP = {"deploymentGroupInfo": {"blueGreenDeploymentConfiguration": {"terminateBlueInstancesOnDeploymentSuccess": {"terminationWaitTimeInMinutes": 60}}}}
# Install, two hooks, and the tasks that are kept.
IF_HOOKS_RUN = 3 * waits.EVENT + 3600 + waits.SLACK


def task_set(definition: str) -> dict:
    return {"services": [{"taskSets": [{"status": "PRIMARY", "taskDefinition": definition}]}]}


def rollback_options(*arguments: str) -> argparse.Namespace:
    values = [argument for argument in arguments if not argument.startswith("--")]
    return argparse.Namespace(values_given=values, without_hooks="--without-hooks" in arguments, poll=1, install_minutes=1)


class TakingBack(unittest.TestCase):
    def take_back(self, deployment: str, known: list[dict], *, primary: str = BEFORE, **answers: object) -> tuple[Told, Report, mock.Mock]:
        infos = {info["deploymentId"]: info for info in known}
        answers = {
            "describe_scalable_targets": {"ScalableTargets": [{}]},
            "register_scalable_target": {},
            "stop_deployment": {},
            "get_deployment_group": GROUP,
            **answers,
        }
        aws = Told(describe_services=task_set(primary), describe_task_definition={"taskDefinition": {"taskDefinitionArn": primary}}, **answers)
        report = Report()
        with (
            quiet(),
            tempfile.TemporaryDirectory() as folder,
            mock.patch("rollout.deployments.get", lambda _aws, asked: infos[asked]),
            mock.patch("rollout.verification.problems", return_value=[]),
            mock.patch("rollout.rollback.follow_rollback"),
            mock.patch("rollout.rollback.follow", side_effect=lambda _session, followed, *_: Followed(infos[followed])) as follow,
        ):
            session = Session(SETTINGS, pathlib.Path(folder), report)
            session.aws = aws
            self.assertTrue(rollback.take_back(session, deployment, 1))
        return aws, report, follow

    def test_it_waits_as_long_as_codedeploy_may_take(self) -> None:
        _, _, follow = self.take_back("d-1", [RELEASE])
        self.assertEqual(follow.call_args.args[-1], waits.EVENT + waits.SLACK)
        _, _, follow = self.take_back("d-2", [RELEASE, BACK])
        self.assertEqual(follow.call_args.args[-1], IF_HOOKS_RUN)

    def test_and_for_what_codedeploy_takes_back_by_itself(self) -> None:
        session = mock.MagicMock(settings=SETTINGS, aws=Told(get_deployment_group=GROUP))
        failed = Followed({**RELEASE, "rollbackInfo": {"rollbackDeploymentId": "d-2"}})
        with quiet(), mock.patch("rollout.release.rollback_of", return_value="d-2"), mock.patch("rollout.release.follow") as follow:
            release.follow_rollback(session, failed, 1)
        follow.assert_called_once_with(session, "d-2", 1, IF_HOOKS_RUN)

    def test_it_is_followed_even_if_nobody_says_how_long_it_may_take(self) -> None:
        _, _, follow = self.take_back("d-2", [RELEASE, BACK], get_deployment_group=refusal("ThrottlingException"))
        self.assertGreater(follow.call_args.args[-1], IF_HOOKS_RUN)

    def test_scaling_that_cannot_be_suspended_stops_nobody(self) -> None:
        for answers in (
            {"register_scalable_target": refusal("ValidationException", "ecs:UpdateService")},
            {"describe_scalable_targets": refusal("AccessDeniedException")},
        ):
            aws, report, _ = self.take_back("d-1", [RELEASE], **answers)
            self.assertEqual((aws.count("stop-deployment"), report.stuck), (1, []))
            self.assertIn("could not be suspended", dict(report.facts)["scaling"])

    def test_nor_scaling_that_may_be_suspended_and_is_put_back(self) -> None:
        lost = AwsError("aws application-autoscaling register-scalable-target", "Connection was closed")
        aws, report, _ = self.take_back("d-1", [RELEASE], register_scalable_target=[lost, {}])
        self.assertEqual((aws.count("stop-deployment"), aws.count("register-scalable-target"), report.stuck), (1, 2, []))

    def test_but_what_goes_wrong_later_is_not_scalings(self) -> None:
        with self.assertRaises(AwsError):
            self.take_back("d-1", [RELEASE], stop_deployment=refusal("AccessDeniedException"))

    def test_codedeploys_own_rollback_leaves_what_it_puts_back(self) -> None:
        for why in ({"rollbackInfo": {"rollbackTriggeringDeploymentId": "d-1"}}, {"rollbackInfo": {}}, {}):
            _, report, _ = self.take_back("d-2", [RELEASE, {**BACK, **why}])
            self.assertIn("d-2 is taken back", report.outcome)

    def test_and_not_what_it_takes_back(self) -> None:
        back = {**BACK, "rollbackInfo": {"rollbackTriggeringDeploymentId": "d-1"}}
        with self.assertRaisesRegex(Unknown, "still that of taproom-staging:2"):
            self.take_back("d-2", [RELEASE, back], primary=CANDIDATE)

    def test_what_was_stopped_is_not_to_stay(self) -> None:
        with self.assertRaisesRegex(Unknown, "still that of taproom-staging:2"):
            self.take_back("d-1", [RELEASE], primary=CANDIDATE)


class PuttingBack(unittest.TestCase):
    def again(self, tags: list[dict]) -> dict:
        container = {
            "name": "taproom",
            "image": "taproom@sha256:1",
            "cpu": 0,
            "environment": [{"name": "TAPROOM_SLOT", "value": "blue"}, {"name": "OF_THEN", "value": "1"}, {"name": "TAPROOM_DEPLOYMENT", "value": "run-1"}],
            "dockerLabels": {"org.opencontainers.image.revision": "c0ffee", "taproom.breaking-changes": "refused"},
        }
        told_by_ecs = {
            "taskDefinitionArn": BEFORE,
            "revision": 1,
            "status": "INACTIVE",
            "requiresAttributes": [],
            "compatibilities": [],
            "registeredAt": 0,
            "registeredBy": "arn",
            "deregisteredAt": 1,
        }
        answer = {"taskDefinition": {"family": "f", "memory": "512", "containerDefinitions": [container, {"name": "collector"}], **told_by_ecs}, "tags": tags}
        aws = Told(describe_task_definition=answer)
        found = definitions.again(aws, BEFORE, slot="green", deployment="rollback-2")
        self.assertEqual(aws.calls, [("describe-task-definition", {"taskDefinition": BEFORE, "include": ["TAGS"]})])
        return found

    def test_it_stays_as_it_ran_but_for_what_is_this_deployments(self) -> None:
        container = {
            "name": "taproom",
            "image": "taproom@sha256:1",
            "cpu": 0,
            "environment": [
                {"name": "OF_THEN", "value": "1"},
                {"name": "TAPROOM_SLOT", "value": "green"},
                {"name": "TAPROOM_DEPLOYMENT", "value": "rollback-2"},
            ],
            "dockerLabels": {"org.opencontainers.image.revision": "c0ffee", "taproom.breaking-changes": "accepted"},
        }
        tags = [{"key": "Environment", "value": "staging"}]
        self.assertEqual(self.again(tags), {"family": "f", "memory": "512", "containerDefinitions": [container, {"name": "collector"}], "tags": tags})

    def test_no_tags_are_no_empty_list(self) -> None:
        self.assertNotIn("tags", self.again([]))
        self.assertNotIn("tags", self.again([{"key": "aws:ecs:clusterName", "value": "theirs"}]))

    def roll_back(self, *arguments: str, appspec: dict) -> dict | None:
        """The AppSpec that is deployed, if Terraform has written nothing of today's."""
        version = Version("f:1", "taproom@sha256:1", "c0ffee", "")
        deployed = {"describe_services": task_set("f:2"), "get_deployment": {"deploymentInfo": {"revision": {"string": {"content": json.dumps(appspec)}}}}}
        deployed["describe_services"]["services"][0]["taskSets"][0]["externalId"] = "d-1"
        options = rollback_options(*arguments)
        with (
            quiet(),
            tempfile.TemporaryDirectory() as folder,
            mock.patch("rollout.rollback.deployments.under_way", return_value=None),
            mock.patch("rollout.rollback.idle_slot", return_value=(mock.Mock(idle="green"), Version("f:2", "taproom@sha256:2", "beef", ""), 1)),
            mock.patch("rollout.rollback.target", return_value=version),
            mock.patch("rollout.rollback.definitions.again", return_value={}),
            mock.patch("rollout.rollback.register", return_value=("f:3", "")) as register,
            mock.patch("rollout.rollback.roll_out"),
        ):
            session = Session(SETTINGS, pathlib.Path(folder), Report())
            session.aws = Told(**deployed)
            rollback.rollback(session, options)
        return register.call_args.args[3]

    def test_without_todays_values_the_appspec_is_that_of_what_users_have(self) -> None:
        appspec = {"Resources": [], "Hooks": [{"AfterAllowTraffic": "arn"}]}
        self.assertEqual(self.roll_back(appspec=appspec), appspec)

    def test_but_nothing_goes_unjudged_unless_somebody_says_so(self) -> None:
        with self.assertRaisesRegex(Misused, "names no hooks.*--without-hooks"):
            self.roll_back(appspec={"Resources": []})
        self.assertEqual(self.roll_back("--without-hooks", appspec={"Resources": []}), {"Resources": []})

    def test_its_name_is_one_that_tasks_can_have(self) -> None:
        with self.assertRaisesRegex(Misused, "deployment is 'two words', but must be 1 to 255 printable"):
            self.roll_back("deployment=two words", appspec={"Hooks": [{}]})

    def test_only_what_is_named_by_digest(self) -> None:
        session = mock.MagicMock()
        with (
            mock.patch("rollout.history.choose", return_value=Version(BEFORE, "taproom:latest", "", "")),
            self.assertRaisesRegex(Refused, "not named by digest"),
        ):
            rollback.target(session, Version(CANDIDATE, "taproom@sha256:2", "", ""), None)


class AppSpec(unittest.TestCase):
    """With values that lack one of appspec.yaml's."""

    def appspec(self, content: str | None, **task_set: str) -> dict:
        revision = {"string": {"content": content}} if content else {}
        session = mock.MagicMock(settings=SETTINGS)
        session.aws = Told(
            describe_services={"services": [{"taskSets": [{"status": "PRIMARY", "taskDefinition": BEFORE, **task_set}]}]},
            get_deployment={"deploymentInfo": {"revision": revision}},
        )
        needed = {*SETTINGS.values, "task_definition", "of_tomorrow"}
        with (
            quiet() as said,
            mock.patch("rollout.rollback.templates.names", return_value=needed),
            mock.patch("rollout.rollback.rendered_appspec", side_effect=Misused("appspec.yaml needs a value for of_tomorrow")),
        ):
            found = rollback.appspec(session)
        self.assertIn("has not written of_tomorrow yet: taking the AppSpec of d-1", said.getvalue())
        return found

    def test_that_of_the_present_version_serves(self) -> None:
        self.assertEqual(self.appspec(json.dumps({"Resources": []}), externalId="d-1"), {"Resources": []})

    def test_without_one_it_says_what_is_missing(self) -> None:
        for content, task_set in ((None, {"externalId": "d-1"}), ("version: 0.0", {"externalId": "d-1"}), ("{}", {})):
            with self.assertRaisesRegex(Misused, "of_tomorrow"):
                self.appspec(content, **task_set)
