"""What there is in an account, by each service's own list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .emulated import ACCOUNT, GLOBAL, REGION, REPLICA, Emulator

# Service, operation, where its answer has the list, what names an entry ("" if the entry is the name), arguments, and what does not count.
Listing = tuple[str, str, str, str, dict[str, Any], Callable[[dict[str, Any]], bool] | None]


def _gone(*states: str, key: str) -> Callable[[dict[str, Any]], bool]:
    return lambda entry: entry.get(key) in states


EVERYWHERE: list[Listing] = [
    ("acm", "list_certificates", "CertificateSummaryList", "CertificateArn", {}, None),
    ("backup", "list_backup_plans", "BackupPlansList", "BackupPlanId", {}, None),
    ("backup", "list_backup_vaults", "BackupVaultList", "BackupVaultName", {}, None),
    ("cloudtrail", "describe_trails", "trailList", "TrailARN", {}, None),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName", {}, None),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName", {}, None),
    ("codedeploy", "list_applications", "applications", "", {}, None),
    ("codedeploy", "list_deployment_configs", "deploymentConfigsList", "", {}, None),
    ("config", "describe_config_rules", "ConfigRules", "ConfigRuleName", {}, None),
    ("config", "describe_configuration_recorders", "ConfigurationRecorders", "name", {}, None),
    ("config", "describe_delivery_channels", "DeliveryChannels", "name", {}, None),
    ("ec2", "describe_addresses", "Addresses", "AllocationId", {}, None),
    ("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId", {}, None),
    ("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId", {}, None),
    ("ec2", "describe_nat_gateways", "NatGateways", "NatGatewayId", {}, _gone("deleted", key="State")),
    ("ec2", "describe_network_acls", "NetworkAcls", "NetworkAclId", {}, None),
    ("ec2", "describe_route_tables", "RouteTables", "RouteTableId", {}, None),
    ("ec2", "describe_security_groups", "SecurityGroups", "GroupId", {}, None),
    ("ec2", "describe_subnets", "Subnets", "SubnetId", {}, None),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", {}, _gone("deleted", key="State")),
    ("ec2", "describe_vpcs", "Vpcs", "VpcId", {}, None),
    ("ecr", "describe_repositories", "repositories", "repositoryName", {}, None),
    ("ecs", "list_clusters", "clusterArns", "", {}, None),
    ("ecs", "list_task_definitions", "taskDefinitionArns", "", {"status": "ACTIVE"}, None),
    ("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerArn", {}, None),
    ("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupArn", {}, None),
    ("events", "list_rules", "Rules", "Name", {}, None),
    ("kms", "list_aliases", "Aliases", "AliasName", {}, None),
    ("lambda", "list_functions", "Functions", "FunctionName", {}, None),
    ("logs", "describe_log_groups", "logGroups", "logGroupName", {}, None),
    ("logs", "describe_query_definitions", "queryDefinitions", "name", {}, None),
    ("logs", "describe_resource_policies", "resourcePolicies", "policyName", {}, None),
    ("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier", {}, None),
    ("rds", "describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName", {}, None),
    ("rds", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName", {}, None),
    ("scheduler", "list_schedule_groups", "ScheduleGroups", "Name", {}, None),
    ("scheduler", "list_schedules", "Schedules", "Name", {}, None),
    ("secretsmanager", "list_secrets", "SecretList", "Name", {}, lambda secret: "DeletedDate" in secret),
    ("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn", {}, None),
    ("sns", "list_topics", "Topics", "TopicArn", {}, None),
    ("accessanalyzer", "list_analyzers", "analyzers", "name", {}, None),
    ("application-autoscaling", "describe_scalable_targets", "ScalableTargets", "ResourceId", {"ServiceNamespace": "ecs"}, None),
    ("application-autoscaling", "describe_scaling_policies", "ScalingPolicies", "PolicyName", {"ServiceNamespace": "ecs"}, None),
    (
        "application-autoscaling",
        "describe_scheduled_actions",
        "ScheduledActions",
        "ScheduledActionName",
        {"ServiceNamespace": "ecs"},
        None,
    ),
    ("wafv2", "list_web_acls", "WebACLs", "Name", {"Scope": "REGIONAL"}, None),
    ("wafv2", "list_logging_configurations", "LoggingConfigurations", "ResourceArn", {"Scope": "REGIONAL"}, None),
    ("xray", "get_groups", "Groups", "GroupName", {}, None),
]

ONCE: list[Listing] = [
    ("budgets", "describe_budgets", "Budgets", "BudgetName", {"AccountId": ACCOUNT}, None),
    ("ce", "get_anomaly_monitors", "AnomalyMonitors", "MonitorName", {}, None),
    ("ce", "get_anomaly_subscriptions", "AnomalySubscriptions", "SubscriptionName", {}, None),
    ("chatbot", "describe_slack_channel_configurations", "SlackChannelConfigurations", "ConfigurationName", {}, None),
    ("cloudfront", "list_distributions", "DistributionList.Items", "Id", {}, None),
    ("cloudfront", "list_vpc_origins", "VpcOriginList.Items", "Id", {}, None),
    ("cloudfront", "list_cache_policies", "CachePolicyList.Items", "Type", {"Type": "custom"}, None),
    ("cloudfront", "list_origin_request_policies", "OriginRequestPolicyList.Items", "Type", {"Type": "custom"}, None),
    ("iam", "list_open_id_connect_providers", "OpenIDConnectProviderList", "Arn", {}, None),
    ("iam", "list_policies", "Policies", "PolicyName", {"Scope": "Local"}, None),
    ("iam", "list_roles", "Roles", "RoleName", {}, None),
    ("iam", "list_users", "Users", "UserName", {}, None),
    ("route53", "list_hosted_zones", "HostedZones", "Name", {}, None),
    ("route53", "list_query_logging_configs", "QueryLoggingConfigs", "Id", {}, None),
    ("s3", "list_buckets", "Buckets", "Name", {}, None),
    ("wafv2", "list_web_acls", "WebACLs", "Name", {"Scope": "CLOUDFRONT"}, None),
]


def take(emulator: Emulator) -> set[str]:
    found: set[str] = set()
    for region in (REGION, REPLICA, GLOBAL):
        for listing in EVERYWHERE + (ONCE if region == GLOBAL else []):
            service, operation, key, name, arguments, ignored = listing
            for entry in emulator.all(service, operation, key, region, **arguments):
                if not (ignored and ignored(entry)):
                    found.add(f"{region} {service} {operation.split('_', 1)[1]} {entry[name] if name else entry}")
        # A key cannot be deleted, only be said to be.
        for key in emulator.all("kms", "list_keys", "Keys", region):
            described = emulator.client("kms", region).describe_key(KeyId=key["KeyId"])["KeyMetadata"]
            if described["KeyState"] != "PendingDeletion" and described["KeyManager"] == "CUSTOMER":
                found.add(f"{region} kms keys {key['KeyId']}")
    return found
