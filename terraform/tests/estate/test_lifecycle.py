"""Both environments, from an empty account to an empty account. The tests of a class need each other, in this order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import releases
from checks import ALL, Check
from releases.ground import Ground
from support import inventory, policies, report
from support.estate import Estate, digest
from support.terraform import Plan

ENVIRONMENTS = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("staging", "production")]


@pytest.mark.parametrize("estate", ENVIRONMENTS, indirect=True)
class TestEstate:
    @pytest.fixture(scope="class")
    def planned(self, estate: Estate) -> Plan:
        estate.apply_account()
        with estate.phase("environment: init"):
            estate.root.init()
        return estate.plan("first plan")

    @pytest.fixture(scope="class")
    def applied(self, estate: Estate, planned: Plan) -> Estate:
        estate.apply(planned, "apply")
        report.note(f"{estate.environment:<12} {len(estate.root.resources()):6d}    resources of the environment")
        return estate

    def test_policies(self, planned: Plan) -> None:
        plan = planned.json()
        for policy, (kind, values) in policies.ALL.items():
            assert list(policy(plan)) == []
            assert list(policy(policies.broken(plan, kind, values))), f"{policy.__name__} never refuses"

    def test_second_plan_is_empty(self, applied: Estate) -> None:
        plan = applied.plan("second plan")
        assert plan.empty, plan.changes()

    @pytest.mark.parametrize("check", ALL, ids=lambda check: check.__name__)
    def test(self, applied: Estate, check: Check) -> None:
        problems = list(check(applied))
        assert not problems, "\n".join(problems)

    @pytest.fixture(scope="class")
    def changed(self, applied: Estate) -> tuple[Estate, dict[str, list[str]]]:
        """Another image, another collector, other sizes and another threshold. Production is also made disposable, as it has to be before it can be destroyed (docs/deploy.md)."""

        def change(settings: dict[str, Any]) -> None:
            settings["service"].update(cpu=1024, memory=2048)
            settings["database"].update(max_storage_gib=settings["database"]["max_storage_gib"] * 2)
            settings["alarm_thresholds"]["cpu"] = 77
            settings["disposable"] = True
            settings["backup"]["vault_lock"] = False

        applied.set(change)
        applied.release.update(
            image=digest("another image"),
            commit="2" * 40,
            collector_image=applied.release["collector_image"].replace(digest("the collector"), digest("another collector")),
        )
        applied.root.variables("release", {"release": applied.release})
        plan = applied.plan("plan of the change")
        actions: dict[str, list[str]] = {}
        for resource in plan.json()["resource_changes"]:
            if resource["mode"] == "managed" and resource["change"]["actions"] != ["no-op"]:
                actions[resource["address"]] = resource["change"]["actions"]
        applied.apply(plan, "apply of the change")
        return applied, actions

    def test_change_is_in_place(self, changed: tuple[Estate, dict[str, list[str]]]) -> None:
        estate, actions = changed
        locks = {address: ["delete"] for address in actions if "aws_backup_vault_lock_configuration" in address}
        assert {address: action for address, action in actions.items() if action != ["update"]} == locks
        (alarm,) = estate.emulator.client("cloudwatch").describe_alarms(AlarmNames=[f"{estate.name}-cpu"])["MetricAlarms"]
        assert alarm["Threshold"] == 77

    def test_plan_after_the_change_is_empty(self, changed: tuple[Estate, dict[str, list[str]]]) -> None:
        plan = changed[0].plan("plan after the change")
        assert plan.empty, plan.changes()

    def test_change_reaches_the_next_release_and_not_what_runs(self, changed: tuple[Estate, dict[str, list[str]]]) -> None:
        estate, _ = changed
        bucket, key = estate.root.output()["stack"]["deployment"]["values"].removeprefix("s3://").split("/", 1)
        values = json.load(estate.emulator.client("s3").get_object(Bucket=bucket, Key=key)["Body"])
        assert (values["cpu"], values["memory"]) == ("1024", "2048")
        assert values["collector_image"].endswith(digest("another collector"))
        images = {container["name"]: container["image"] for container in estate.definition()["containerDefinitions"]}
        assert images["taproom"].endswith(digest("the first image"))
        assert images["collector"].endswith(digest("the collector"))

    @pytest.fixture(scope="class")
    def swapped(self, changed: tuple[Estate, dict[str, list[str]]]) -> Estate:
        changed[0].swap()
        return changed[0]

    def test_plan_after_a_deployment_is_empty(self, swapped: Estate) -> None:
        plan = swapped.plan("plan after a deployment")
        assert plan.empty, plan.changes()

    def test_without_ignoring_it_would_send_users_back(self, swapped: Estate) -> None:
        """The test before can fail: this is what it would see. (An empty list would override nothing.)"""
        edge = swapped.tree.override("modules/edge", 'resource "aws_lb_listener" "production" {\n  lifecycle { ignore_changes = [tags] }\n}\n')
        service = swapped.tree.override("modules/service", 'resource "aws_ecs_service" "this" {\n  lifecycle { ignore_changes = [tags] }\n}\n')
        targets = ["module.stack.module.edge.aws_lb_listener.production", "module.stack.module.service.aws_ecs_service.this"]
        with swapped.phase("plan after a deployment, without ignore_changes"):
            plan = swapped.root.plan(*(f"-target={target}" for target in targets))
        edge.unlink()
        service.unlink()
        after = {resource["address"]: resource["change"] for resource in plan.json()["resource_changes"]}
        listener, tasks = (after[target] for target in targets)
        weights = {group["arn"]: group["weight"] for group in listener["after"]["default_action"][0]["forward"][0]["target_group"]}
        assert (listener["actions"], weights) == (
            ["update"],
            {swapped.target_group("blue"): 100, swapped.target_group("green"): 0},
        )
        assert tasks["before"]["task_definition"].endswith(":2")
        assert tasks["actions"] != ["no-op"] and tasks["after"]["task_definition"].endswith(":1")

    @pytest.fixture(scope="class")
    def ground(self, swapped: Estate, aws: str) -> Iterator[Ground]:
        ground = swapped.ground()
        ground.path = aws
        yield ground
        swapped.emulator.forget()

    @pytest.mark.parametrize("scenario", releases.ALL, ids=lambda scenario: scenario.__name__)
    def test_release(self, ground: Ground, scenario: releases.Scenario) -> None:
        """In staging only, see conftest.py."""
        ground.emulator.forget()
        ground.hold()
        scenario(ground)

    def test_plan_after_releases_is_empty(self, ground: Ground, swapped: Estate) -> None:
        plan = swapped.plan("plan after releases")
        assert plan.empty, plan.changes()

    def test_nothing_is_left(self, swapped: Estate) -> None:
        swapped.destroy()
        # What a release registered stays: Terraform knows nothing of it, and it costs nothing.
        released = f"eu-west-1 ecs task_definitions arn:aws:ecs:eu-west-1:123456789012:task-definition/{swapped.name}:"
        assert {one for one in inventory.take(swapped.emulator) ^ swapped.before if not one.startswith(released)} == set()
