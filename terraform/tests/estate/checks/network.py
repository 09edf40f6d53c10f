"""Who can reach what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from support.emulated import GLOBAL, REGION
from support.estate import Estate

from . import check, some

WORLD = {"0.0.0.0/0", "::/0"}


def groups(estate: Estate) -> list[dict[str, Any]]:
    """Security groups of the environment's VPC."""
    vpc = vpc_of(estate)
    return [group for group in estate.emulator.all("ec2", "describe_security_groups", "SecurityGroups") if group["VpcId"] == vpc]


def vpc_of(estate: Estate) -> str:
    (vpc,) = [vpc["VpcId"] for vpc in estate.emulator.all("ec2", "describe_vpcs", "Vpcs") if not vpc["IsDefault"]]
    return vpc


def load_balancer(estate: Estate) -> dict[str, Any]:
    (balancer,) = estate.emulator.all("elbv2", "describe_load_balancers", "LoadBalancers")
    return balancer


def sources(rule: dict[str, Any]) -> set[str]:
    return {entry["CidrIp"] for entry in rule["IpRanges"]} | {entry["CidrIpv6"] for entry in rule.get("Ipv6Ranges", [])}


@check
def no_database_is_public(estate: Estate) -> Iterator[str]:
    routes = estate.emulator.all("ec2", "describe_route_tables", "RouteTables")
    for instance in some(estate.emulator.all("rds", "describe_db_instances", "DBInstances"), "database"):
        if instance["PubliclyAccessible"]:
            yield f"{instance['DBInstanceIdentifier']} is publicly accessible"
        for subnet in some(instance["DBSubnetGroup"]["Subnets"], "subnet of the database"):
            tables = [table for table in routes if any(link.get("SubnetId") == subnet["SubnetIdentifier"] for link in table["Associations"])]
            for route in [route for table in some(tables, "route table of the database's subnets") for route in table["Routes"]]:
                if route.get("DestinationCidrBlock") in WORLD:
                    yield f"a subnet of {instance['DBInstanceIdentifier']} has a route to {route['DestinationCidrBlock']}"


@check
def the_database_is_for_known_groups_only(estate: Estate) -> Iterator[str]:
    names = {group["GroupId"]: group["GroupName"] for group in groups(estate)}
    known = {f"{estate.name}-service", f"{estate.name}-database-roles"}
    for instance in estate.emulator.all("rds", "describe_db_instances", "DBInstances"):
        ids = {group["VpcSecurityGroupId"] for group in instance["VpcSecurityGroups"]}
        rules = [rule for group in groups(estate) if group["GroupId"] in ids for rule in group["IpPermissions"]]
        for rule in some(rules, "rule of the database's security group"):
            if (rule["FromPort"], rule["ToPort"]) != (5432, 5432):
                yield f"the database's group admits ports {rule['FromPort']} to {rule['ToPort']}"
            if sources(rule) or rule["PrefixListIds"]:
                yield f"the database's group admits networks: {sources(rule)}"
            for pair in rule["UserIdGroupPairs"]:
                if names.get(pair["GroupId"]) not in known:
                    yield f"the database's group admits {names.get(pair['GroupId'])}"


@check
def nothing_speaks_plain_http(estate: Estate) -> Iterator[str]:
    listeners = estate.emulator.all("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=load_balancer(estate)["LoadBalancerArn"])
    for listener in some(listeners, "listener"):
        actions = [
            {key: value for key, value in action.get("RedirectConfig", {}).items() if key in ("Protocol", "Port", "StatusCode")}
            for action in listener["DefaultActions"]
        ]
        redirects = actions == [{"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}]
        if listener["Protocol"] == "HTTPS":
            if not listener["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2-"):
                yield f"port {listener['Port']} has the TLS policy {listener['SslPolicy']}"
        elif listener["Port"] != 80 or not redirects:
            yield f"port {listener['Port']} speaks {listener['Protocol']} and does not only redirect: {listener['DefaultActions']}"
        rules = [rule for rule in estate.emulator.all("elbv2", "describe_rules", "Rules", ListenerArn=listener["ListenerArn"]) if not rule["IsDefault"]]
        if rules:
            yield f"port {listener['Port']} has further rules"


@check
def cloudfront_speaks_tls_on_both_sides(estate: Estate) -> Iterator[str]:
    distributions = estate.emulator.all("cloudfront", "list_distributions", "DistributionList.Items", GLOBAL)
    if bool(distributions) != estate.settings()["edge"]["cloudfront"]:
        yield f"there are {len(distributions)} distributions"
    for summary in distributions:
        config = estate.emulator.client("cloudfront", GLOBAL).get_distribution_config(Id=summary["Id"])["DistributionConfig"]
        for behaviour in [config["DefaultCacheBehavior"], *config["CacheBehaviors"].get("Items", [])]:
            if behaviour["ViewerProtocolPolicy"] == "allow-all":
                yield "viewers may speak plain HTTP"
        if config["ViewerCertificate"]["MinimumProtocolVersion"] != "TLSv1.2_2021":
            yield f"viewers may speak {config['ViewerCertificate']['MinimumProtocolVersion']}"
        for origin in config["Origins"]["Items"]:
            vpc_origin = origin.get("VpcOriginConfig", {}).get("VpcOriginId")
            if not vpc_origin:
                yield f"the origin {origin['Id']} can be reached by others than CloudFront"
                continue
            endpoint = estate.emulator.client("cloudfront", GLOBAL).get_vpc_origin(Id=vpc_origin)["VpcOrigin"]["VpcOriginEndpointConfig"]
            if endpoint["OriginProtocolPolicy"] != "https-only" or endpoint["OriginSslProtocols"]["Items"] != ["TLSv1.2"]:
                yield f"CloudFront speaks {endpoint['OriginProtocolPolicy']} to the load balancer"


@check
def the_world_reaches_the_load_balancer_only(estate: Estate) -> Iterator[str]:
    balancer = load_balancer(estate)
    direct = not estate.settings()["edge"]["cloudfront"]
    if (balancer["Scheme"] == "internet-facing") != direct:
        yield f"the load balancer is {balancer['Scheme']}"
    for group in groups(estate):
        for rule in group["IpPermissions"]:
            open_to_all = WORLD & sources(rule)
            allowed = direct and group["GroupId"] in balancer["SecurityGroups"] and rule["FromPort"] == rule["ToPort"] in (80, 443)
            if open_to_all and not allowed:
                yield f"{group['GroupName']} admits {open_to_all} at {rule.get('FromPort')}"
        if group["GroupName"] == "default" and (group["IpPermissions"] or group["IpPermissionsEgress"]):
            yield "the default security group has rules"


@check
def the_test_listener_is_for_hooks_and_operators(estate: Estate) -> Iterator[str]:
    balancer = load_balancer(estate)
    names = {group["GroupId"]: group["GroupName"] for group in groups(estate)}
    rules = [rule for group in groups(estate) if group["GroupId"] in balancer["SecurityGroups"] for rule in group["IpPermissions"] if rule["FromPort"] == 8443]
    some(rules, "rule for the test listener")
    # Behind CloudFront it has private addresses, and only the groups of the hooks and of the prober are let in.
    allowed: set[str] = set()
    clients = {f"{estate.name}-{function}" for function in ("after-allow-test-traffic", "after-allow-traffic", "prober")}
    if not estate.settings()["edge"]["cloudfront"]:
        clients = set()
        allowed = {"198.51.100.0/24"} | {f"{address['PublicIp']}/32" for address in estate.emulator.all("ec2", "describe_addresses", "Addresses")}
    admitted = set().union(*map(sources, rules))
    if admitted != allowed:
        yield f"the test listener is for {admitted}, and not for {allowed}"
    groups_admitted = {names[pair["GroupId"]] for rule in rules for pair in rule["UserIdGroupPairs"]}
    if groups_admitted != clients:
        yield f"the test listener admits the groups {groups_admitted}, and not {clients}"


@check
def endpoints_are_those_of_the_settings(estate: Estate) -> Iterator[str]:
    endpoints = estate.emulator.all("ec2", "describe_vpc_endpoints", "VpcEndpoints")
    wanted = {"s3": "Gateway"} | dict.fromkeys(estate.settings()["network"]["interface_endpoints"], "Interface")
    found = {endpoint["ServiceName"].removeprefix(f"com.amazonaws.{REGION}."): endpoint["VpcEndpointType"] for endpoint in endpoints}
    if found != wanted:
        yield f"there are the endpoints {found}, and not {wanted}"
    names = {group["GroupId"]: group["GroupName"] for group in groups(estate)}
    for endpoint in endpoints:
        if endpoint["VpcEndpointType"] != "Interface":
            continue
        if len(endpoint["SubnetIds"]) != estate.settings()["network"]["zones"] or not endpoint["PrivateDnsEnabled"]:
            yield f"{endpoint['ServiceName']} is not reached by its name in all zones"
        if {names[group["GroupId"]] for group in endpoint["Groups"]} != {f"{estate.name}-endpoints"}:
            yield f"{endpoint['ServiceName']} is for the groups {endpoint['Groups']}"


@check
def subnets_give_no_public_addresses(estate: Estate) -> Iterator[str]:
    vpc = vpc_of(estate)
    for subnet in some([subnet for subnet in estate.emulator.all("ec2", "describe_subnets", "Subnets") if subnet["VpcId"] == vpc], "subnet"):
        if subnet["MapPublicIpOnLaunch"]:
            yield f"{subnet['SubnetId']} gives public addresses"
    if not [log for log in estate.emulator.all("ec2", "describe_flow_logs", "FlowLogs") if log["ResourceId"] == vpc]:
        yield "the VPC has no flow log"
