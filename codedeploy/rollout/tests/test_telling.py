"""What is left to read: summaries, reasons, command lines."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import tempfile
import unittest
from unittest import mock

from rollout import session, settings, summary
from rollout.diagnosis import reasons_in
from rollout.ending import Misused
from rollout.following import Event, Followed
from rollout.summary import Report
from rollout.telling import span

from .support import SETTINGS, quiet


class Summary(unittest.TestCase):
    def test_a_failure_says_why_and_what_is_left(self) -> None:
        info = {"deploymentId": "d-1", "status": "Failed", "createTime": 0, "completeTime": 125}
        report = Report("Release to staging", "deployment d-1: Failed", facts=[("image", "a|b")], causes=["schema: <gone>"], left=["task 1 goes on"])
        report.followed.append(Followed(info, [Event("Install", "Succeeded", 60, ""), Event("AllowTraffic", "Pending", None, "")]))
        text = summary.markdown(report, "eu-west-1")
        for expected in (
            "## Release to staging\n\n**deployment d-1: Failed**",
            "| image | a\\|b |",
            "### Why\n\n- schema: &lt;gone>",
            "### What is left\n\n- task 1 goes on",
            "### [d-1](https://eu-west-1.console.aws.amazon.com/codesuite/codedeploy/deployments/d-1?region=eu-west-1): Failed, 2 min 5 s",
            "| Install | Succeeded | 1 min |",
        ):
            self.assertIn(expected, text)
        self.assertNotIn("AllowTraffic", text)

    def test_links(self) -> None:
        (_, boards), (_, url) = summary.links(SETTINGS)
        self.assertIn("#dashboards/dashboard/taproom-staging-ops", boards)
        self.assertEqual(url, "https://api.example.com")

    def test_it_is_written_where_it_is_wanted(self) -> None:
        with tempfile.NamedTemporaryFile("r") as file, mock.patch.dict(os.environ, {"GITHUB_STEP_SUMMARY": file.name}):
            summary.write(Report("Release", "done"), "eu-west-1")
            self.assertTrue(file.read().startswith("## Release\n\n**done**"))

    def test_spans(self) -> None:
        self.assertEqual([span(seconds) for seconds in (0, 59.6, 60, 95, 3600, 5430)], ["0 s", "1 min", "1 min", "1 min 35 s", "1 h", "1 h 30 min"])


class Reasons(unittest.TestCase):
    def test_of_the_last_verdict_on_this_deployment(self) -> None:
        def line(deployment: str, *reasons: str) -> str:
            return json.dumps({"verdict": "Failed", "deployment": deployment, "reasons": reasons})

        lines = [
            "START RequestId",
            line("d-1", "version: wrong"),
            line("d-2", "other"),
            line("d-1", "schema: gone"),
            '{"deployment": "d-1", "probe": 1}',
            "[1]",
        ]
        self.assertEqual(reasons_in(lines, "d-1"), ["schema: gone"])


class Ending(unittest.TestCase):
    def test_a_bug_is_no_failure_that_left_users_where_they_were(self) -> None:
        def body(found: session.Session, _options: object) -> None:
            found.report.title, found.report.left = "Release to staging", ["deployment d-1 goes on"]
            raise KeyError("taskSets")

        with tempfile.TemporaryDirectory() as folder:
            files = {name: pathlib.Path(folder, name) for name in ("values", "rollout", "summary")}
            files["values"].write_text(json.dumps({"environment": "staging", "region": "eu-west-1", "family": "f"}))
            files["rollout"].write_text(json.dumps({name: {} for name in settings.NEEDED}))
            given = ["--values", str(files["values"]), "--rollout", str(files["rollout"])]
            with quiet() as said, mock.patch.dict(os.environ, {"GITHUB_STEP_SUMMARY": str(files["summary"])}), mock.patch("rollout.interruption.listen"):
                self.assertEqual(session.run(session.parser("deploy", "x"), body, given), 4)
            summary = files["summary"].read_text()
        for text in (said.getvalue(), summary):
            self.assertIn("a bug in this command: KeyError('taskSets')", text)
            self.assertIn("deployment d-1 goes on", text)
        self.assertIn("Traceback", said.getvalue())


class Arguments(unittest.TestCase):
    def test_pairs(self) -> None:
        self.assertEqual(session.pairs(["to=sha256:a=b"], {"to"}), {"to": "sha256:a=b"})
        for wrong in ("to", "to=", "from=1"):
            with self.assertRaises(Misused):
                session.pairs([wrong], {"to"})

    def test_settings_of_another_environment(self) -> None:
        values, rollout = {"environment": "staging", "region": "eu-west-1", "family": "f"}, {name: {} for name in settings.NEEDED}
        self.assertEqual(settings.checked(values, rollout, "staging").region, "eu-west-1")
        with self.assertRaisesRegex(Misused, "those of staging"):
            settings.checked(values, rollout, "production")
        with self.assertRaisesRegex(Misused, "lacks scaling"):
            settings.checked(values, {name: {} for name in settings.NEEDED - {"scaling"}}, None)

    def test_of_values_only_those_that_templates_know(self) -> None:
        found = dataclasses.replace(SETTINGS, values={"cpu": "256", "hook_after_allow_traffic": "f", "of_tomorrow": "x"})
        with tempfile.TemporaryDirectory() as folder:
            text = found.values_file(pathlib.Path(folder)).read_text()
        self.assertEqual(json.loads(text), {"cpu": "256", "hook_after_allow_traffic": "f"})

    def test_settings_by_halves(self) -> None:
        for given in ((None, None, None), (None, "values.json", None), ("staging", None, "rollout.json")):
            with self.assertRaises(Misused):
                settings.load(*given)
