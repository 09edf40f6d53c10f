"""Who may do what."""

from __future__ import annotations

import fnmatch
import json
import urllib.parse
from collections.abc import Iterator
from typing import Any

from support.emulated import ACCOUNT, GLOBAL, REGION, REPLICA
from support.estate import Estate

from . import check, some

LAYERS = f"arn:aws:s3:::prod-{REGION}-starport-layer-bucket/*"


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def wildcards(policy: str | dict[str, Any]) -> Iterator[str]:
    """Principals that are everybody, of statements that allow something."""
    document = json.loads(policy) if isinstance(policy, str) else policy
    for statement in listed(document["Statement"]):
        principal = statement.get("Principal")
        everybody = principal == "*" or (isinstance(principal, dict) and any("*" in listed(value) for value in principal.values()))
        if everybody and statement["Effect"] == "Allow":
            yield f"{statement.get('Sid', 'a statement')} is for everybody"
        if "NotPrincipal" in statement:
            yield f"{statement.get('Sid', 'a statement')} is for all but some"


def resource_policies(estate: Estate) -> Iterator[tuple[str, str | dict[str, Any]]]:
    """All of them, with what they are of."""
    emulator = estate.emulator
    for role in emulator.all("iam", "list_roles", "Roles", GLOBAL):
        yield f"role {role['RoleName']}", role["AssumeRolePolicyDocument"]
    for bucket in emulator.all("s3", "list_buckets", "Buckets"):
        yield f"bucket {bucket['Name']}", emulator.client("s3").get_bucket_policy(Bucket=bucket["Name"])["Policy"]
    for region in (REGION, REPLICA, GLOBAL):
        for key in emulator.all("kms", "list_keys", "Keys", region):
            yield (
                f"key {key['KeyId']}",
                emulator.client("kms", region).get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"],
            )
        for topic in emulator.all("sns", "list_topics", "Topics", region):
            yield (
                f"topic {topic['TopicArn']}",
                emulator.client("sns", region).get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]["Policy"],
            )
        for vault in emulator.all("backup", "list_backup_vaults", "BackupVaultList", region):
            client = emulator.client("backup", region)
            try:
                yield (
                    f"vault {vault['BackupVaultName']}",
                    client.get_backup_vault_access_policy(BackupVaultName=vault["BackupVaultName"])["Policy"],
                )
            except client.exceptions.ResourceNotFoundException:
                continue
        for policy in emulator.all("logs", "describe_resource_policies", "resourcePolicies", region):
            yield f"logs {policy['policyName']}", policy["policyDocument"]
    for function in emulator.all("lambda", "list_functions", "Functions"):
        client = emulator.client("lambda")
        try:
            yield f"function {function['FunctionName']}", client.get_policy(FunctionName=function["FunctionName"])["Policy"]
        except client.exceptions.ResourceNotFoundException:
            continue
    for repository in emulator.all("ecr", "describe_repositories", "repositories"):
        client = emulator.client("ecr")
        try:
            yield (
                f"repository {repository['repositoryName']}",
                client.get_repository_policy(repositoryName=repository["repositoryName"])["policyText"],
            )
        except client.exceptions.RepositoryPolicyNotFoundException:
            continue
    for secret in emulator.all("secretsmanager", "list_secrets", "SecretList"):
        policy = emulator.client("secretsmanager").get_resource_policy(SecretId=secret["ARN"]).get("ResourcePolicy")
        if policy:
            yield f"secret {secret['Name']}", policy


def identity_policies(estate: Estate) -> Iterator[tuple[str, dict[str, Any]]]:
    """What roles may do by policies of ours."""
    client = estate.emulator.client("iam", GLOBAL)
    for role in estate.emulator.all("iam", "list_roles", "Roles", GLOBAL):
        for name in client.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            yield (
                f"{role['RoleName']} {name}",
                client.get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"],
            )
    for policy in estate.emulator.all("iam", "list_policies", "Policies", GLOBAL, Scope="Local"):
        yield (
            policy["PolicyName"],
            client.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])["PolicyVersion"]["Document"],
        )


@check
def no_policy_is_for_everybody(estate: Estate) -> Iterator[str]:
    for of, policy in some(resource_policies(estate), "policy of a resource"):
        for problem in wildcards(policy):
            yield f"{of}: {problem}"


@check
def endpoints_lead_to_this_account_only(estate: Estate) -> Iterator[str]:
    """A gateway's policy takes no principal but everybody, and grants nothing that the caller's own policies do not: it has to say which resources are reached."""
    for endpoint in some(estate.emulator.all("ec2", "describe_vpc_endpoints", "VpcEndpoints"), "VPC endpoint"):
        # An interface endpoint has AWS's own policy, which leaves everything to the caller's: not each service takes another.
        if endpoint["VpcEndpointType"] == "Interface":
            continue
        for statement in listed(json.loads(endpoint["PolicyDocument"])["Statement"]):
            conditions = statement.get("Condition", {}).get("StringEquals", {})
            own = listed(conditions.get("aws:ResourceAccount")) == [ACCOUNT]
            # AWS's bucket, from which the layers of ECR's images come: to be read only.
            layers = (listed(statement.get("Action")), listed(statement.get("Resource"))) == (["s3:GetObject"], [LAYERS])
            if statement["Effect"] == "Allow" and not own and not layers:
                yield f"{endpoint['ServiceName']}: {statement.get('Sid', 'a statement')} leads to other accounts"


@check
def github_roles_are_for_one_job_each(estate: Estate) -> Iterator[str]:
    roles = [
        role
        for role in estate.emulator.all("iam", "list_roles", "Roles", GLOBAL)
        if "token.actions.githubusercontent.com" in json.dumps(role["AssumeRolePolicyDocument"])
    ]
    for role in some(roles, "role of GitHub's jobs"):
        for statement in listed(role["AssumeRolePolicyDocument"]["Statement"]):
            exact = statement["Condition"].get("StringEquals", {})
            if exact.get("token.actions.githubusercontent.com:aud") not in ("sts.amazonaws.com", ["sts.amazonaws.com"]):
                yield f"{role['RoleName']} does not ask for the audience"
            for subject in listed(exact.get("token.actions.githubusercontent.com:sub", "*")):
                if "*" in subject or not subject.startswith(f"repo:{estate.repository}:"):
                    yield f"{role['RoleName']} is for {subject}"


@check
def tasks_may_log_in_to_the_database(estate: Estate) -> Iterator[str]:
    """As the user whom their database's address names. It takes the role's policy and the boundary, and no emulator asks them."""
    client = estate.emulator.client("iam", GLOBAL)
    (database,) = estate.emulator.all("rds", "describe_db_instances", "DBInstances")
    values = estate.written("values")
    for role, address in (("task_role_arn", "database_url"), ("migration_role_arn", "migration_database_url")):
        name, user = values[role].rpartition("/")[2], urllib.parse.urlsplit(values[address]).username
        login = f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:{database['DbiResourceId']}/{user}"
        boundary = client.get_role(RoleName=name)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
        version = client.get_policy(PolicyArn=boundary)["Policy"]["DefaultVersionId"]
        needed = {
            "policy": [
                client.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in client.list_role_policies(RoleName=name)["PolicyNames"]
            ],
            "boundary": [client.get_policy_version(PolicyArn=boundary, VersionId=version)["PolicyVersion"]["Document"]],
        }
        for what, policies in needed.items():
            allowed = [
                resource
                for policy in policies
                for statement in listed(policy["Statement"])
                if statement["Effect"] == "Allow" and "rds-db:connect" in listed(statement["Action"])
                for resource in listed(statement["Resource"])
            ]
            if not any(fnmatch.fnmatchcase(login, resource) for resource in allowed):
                yield f"{name} may not log in as {user}: its {what} allows {allowed}"


@check
def no_role_may_do_everything(estate: Estate) -> Iterator[str]:
    for of, policy in some(identity_policies(estate), "policy of a role"):
        for statement in listed(policy["Statement"]):
            if statement["Effect"] == "Allow" and "*" in listed(statement.get("Action", "*")):
                yield f"{of}: {statement.get('Sid', 'a statement')} allows all actions"
