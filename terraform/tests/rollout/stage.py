"""Just enough of AWS to deploy to, made by boto3 in a second: what `terraform/modules/stack` makes, as far as a release meets it."""

from __future__ import annotations

import io
import json
import pathlib
import uuid
import zipfile
from typing import Any

from releases.ground import Ground, digest
from support.emulated import ACCOUNT, REGION, Emulator

CANARY, TERMINATION_MINUTES = {"canaryPercentage": 10, "canaryInterval": 10}, 5


class Stage(Ground):
    def __init__(self, emulator: Emulator, folder: pathlib.Path) -> None:
        self.emulator = emulator
        self.name = f"stage-{uuid.uuid4().hex[:8]}"
        self.elb, self.ecs, self.deploy, self.logs = (emulator.client(service) for service in ("elbv2", "ecs", "codedeploy", "logs"))
        self._network()
        self._functions()
        self._alarms()
        which = ["--values", str(folder / "values.json"), "--rollout", str(folder / "rollout.json")]
        super().__init__(emulator, folder, self._values(), self._rollout(), which, registry=self._registry())
        for name in ("values", "rollout"):
            (folder / f"{name}.json").write_text(json.dumps(getattr(self, name)))
        self._service(self.register(self.image("the first image"), deployment="terraform", slot="blue"))
        self._codedeploy()

    def _network(self) -> None:
        ec2 = self.emulator.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
            for number, zone in enumerate("ab")
        ]
        self.security_group = ec2.create_security_group(GroupName=self.name, Description="tasks", VpcId=vpc)["GroupId"]
        balancer = self.elb.create_load_balancer(Name=self.name, Subnets=self.subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        self.groups = {slot: self._target_group(slot, vpc) for slot in ("blue", "green")}
        self.listeners = {port: self._listener(balancer, port) for port in (80, 8080)}

    def _target_group(self, slot: str, vpc: str) -> str:
        made = self.elb.create_target_group(Name=f"{self.name}-{slot}", Protocol="HTTP", Port=8080, VpcId=vpc, TargetType="ip")
        return made["TargetGroups"][0]["TargetGroupArn"]

    def _listener(self, balancer: str, port: int) -> str:
        weights = [{"TargetGroupArn": arn, "Weight": 100 if slot == "blue" else 0} for slot, arn in self.groups.items()]
        actions = [{"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}]
        return self.elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=port, DefaultActions=actions)["Listeners"][0]["ListenerArn"]

    def _registry(self) -> str:
        return self.emulator.client("ecr").create_repository(repositoryName=self.name, imageTagMutability="IMMUTABLE")["repository"]["repositoryUri"]

    def _functions(self) -> None:
        policy = json.dumps({"Version": "2012-10-17", "Statement": []})
        role = self.emulator.client("iam").create_role(RoleName=f"{self.name}-function", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("bootstrap", "never run")
        self.functions = {event: f"{self.name}-{event}" for event in ("AfterAllowTestTraffic", "AfterAllowTraffic", "database-roles")}
        for name in self.functions.values():
            self.logs.create_log_group(logGroupName=f"/aws/lambda/{name}")
            self.emulator.client("lambda").create_function(
                FunctionName=name, Runtime="provided.al2023", Role=role, Handler="bootstrap", Code={"ZipFile": package.getvalue()}
            )

    def _alarms(self) -> None:
        self.alarms = {slot: [f"{self.name}-gate-{slot}-errors"] for slot in ("blue", "green")} | {"shared": [f"{self.name}-gate-errors"]}
        self.alarms["default"] = [name for names in self.alarms.values() for name in names]
        for name in self.alarms["default"]:
            self.emulator.client("cloudwatch").put_metric_alarm(
                AlarmName=name,
                Namespace="Taproom",
                MetricName="errors",
                Statistic="Sum",
                Period=60,
                EvaluationPeriods=1,
                Threshold=1,
                ComparisonOperator="GreaterThanThreshold",
            )

    def _values(self) -> dict[str, Any]:
        names = ("rate_limit", "cors_origins", "jwt_issuer", "jwt_audience", "jwt_jwks_url", "log", "metric_operations", "trace_ratio", "database_pool_size")
        self.logs.create_log_group(logGroupName=self.name)
        return dict.fromkeys(names) | {
            "family": self.name,
            "cpu": "256",
            "memory": "512",
            "architecture": "X86_64",
            "execution_role_arn": f"arn:aws:iam::{ACCOUNT}:role/{self.name}-execution",
            "task_role_arn": f"arn:aws:iam::{ACCOUNT}:role/{self.name}-task",
            "collector_image": f"public.ecr.aws/aws-observability/aws-otel-collector@{digest('the collector')}",
            "collector_config": "{}",
            "environment": "stage",
            "service": "taproom",
            "region": REGION,
            "log_group": self.name,
            "metrics_log_group": self.name,
            "database_url": "postgres://taproom@database:5432/taproom",
            "trusted_proxies": "10.0.0.0/16",
            "cluster": self.name,
            "subnets": self.subnets,
            "security_groups": [self.security_group],
            "platform_version": "1.4.0",
            "capacity_providers": [{"CapacityProvider": "FARGATE", "Base": 1, "Weight": 1}],
            "hook_after_allow_test_traffic": self.functions["AfterAllowTestTraffic"],
            "hook_after_allow_traffic": self.functions["AfterAllowTraffic"],
            "migration_role_arn": f"arn:aws:iam::{ACCOUNT}:role/{self.name}-migration",
            "migration_database_url": "postgres://migrator@database:5432/taproom",
            "migration_database_role": "owner",
        }

    def _service(self, definition: str) -> None:
        self.ecs.create_cluster(clusterName=self.name)
        self.ecs.create_service(
            cluster=self.name,
            serviceName=self.name,
            taskDefinition=definition,
            desiredCount=2,
            deploymentController={"type": "CODE_DEPLOY"},
            loadBalancers=[{"targetGroupArn": self.groups["blue"], "containerName": "taproom", "containerPort": 8080}],
            networkConfiguration={"awsvpcConfiguration": {"subnets": self.subnets, "securityGroups": [self.security_group]}},
        )
        scaled = {"ServiceNamespace": "ecs", "ResourceId": self.rollout["scaling"], "ScalableDimension": "ecs:service:DesiredCount"}
        self.emulator.client("application-autoscaling").register_scalable_target(**scaled, MinCapacity=2, MaxCapacity=4)

    def _codedeploy(self) -> None:
        self.deploy.create_application(applicationName=self.name, computePlatform="ECS")
        routing = {"type": "TimeBasedCanary", "timeBasedCanary": CANARY}
        self.deploy.create_deployment_config(deploymentConfigName=f"{self.name}-canary", computePlatform="ECS", trafficRoutingConfig=routing)
        self.deploy.create_deployment_group(
            applicationName=self.name,
            deploymentGroupName=self.name,
            deploymentConfigName=f"{self.name}-canary",
            serviceRoleArn=f"arn:aws:iam::{ACCOUNT}:role/{self.name}-codedeploy",
            deploymentStyle={"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
            ecsServices=[{"clusterName": self.name, "serviceName": self.name}],
            loadBalancerInfo={
                "targetGroupPairInfoList": [
                    {
                        "targetGroups": [{"name": f"{self.name}-{slot}"} for slot in self.groups],
                        "prodTrafficRoute": {"listenerArns": [self.listeners[80]]},
                        "testTrafficRoute": {"listenerArns": [self.listeners[8080]]},
                    }
                ]
            },
            blueGreenDeploymentConfiguration={
                "deploymentReadyOption": {"actionOnTimeout": "CONTINUE_DEPLOYMENT"},
                "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE", "terminationWaitTimeInMinutes": TERMINATION_MINUTES},
            },
            alarmConfiguration={"enabled": True, "alarms": [{"name": name} for name in self.alarms["default"]]},
            autoRollbackConfiguration={"enabled": True, "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]},
        )

    def _rollout(self) -> dict[str, Any]:
        """As terraform/modules/stack/deployment.tf."""
        return {
            "application": self.name,
            "group": self.name,
            "configurations": {"canary": f"{self.name}-canary"},
            "cluster": self.name,
            "service": self.name,
            "listener": self.listeners[80],
            "target_groups": self.groups,
            "gate": self.alarms,
            "scaling": f"service/{self.name}/{self.name}",
            "hooks": {
                event: {"function": self.functions[event], "log_group": f"/aws/lambda/{self.functions[event]}"}
                for event in ("AfterAllowTestTraffic", "AfterAllowTraffic")
            },
            "introspection": {
                "function": self.functions["database-roles"],
                "secret": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{self.name}-introspection-key",
            },
            "dashboards": {},
            "url": "https://api.example.com",
            "test_url": "https://api.example.com:8443",
        }
