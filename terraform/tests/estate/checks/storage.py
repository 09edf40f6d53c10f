"""What is kept: encrypted, private, and for as long as was said."""

from __future__ import annotations

import json
from collections.abc import Iterator

from support.emulated import GLOBAL, REGION, REPLICA
from support.estate import Estate

from . import check, some
from .identity import listed


@check
def buckets_are_private(estate: Estate) -> Iterator[str]:
    client = estate.emulator.client("s3")
    for bucket in [bucket["Name"] for bucket in some(estate.emulator.all("s3", "list_buckets", "Buckets"), "bucket")]:
        if not all(client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()):
            yield f"{bucket} may be public"
        rules = client.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        if rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] not in ("aws:kms", "AES256"):
            yield f"{bucket} is not encrypted"
        statements = listed(json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"])
        denied = [
            statement
            for statement in statements
            if statement["Effect"] == "Deny" and statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport") in ("false", ["false"])
        ]
        if not denied or not {f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"} <= set(listed(denied[0]["Resource"])):
            yield f"{bucket} takes plain HTTP"
        if client.get_bucket_versioning(Bucket=bucket).get("Status") not in ("Enabled", "Suspended"):
            yield f"{bucket} says nothing of versions"


@check
def the_database_is_as_it_should_be(estate: Estate) -> Iterator[str]:
    settings = estate.settings()
    for instance in some(estate.emulator.all("rds", "describe_db_instances", "DBInstances"), "database"):
        for name, wanted in {
            "StorageEncrypted": True,
            "IAMDatabaseAuthenticationEnabled": True,
            "MultiAZ": settings["database"]["multi_az"],
            "DeletionProtection": not settings["disposable"],
            "BackupRetentionPeriod": settings["database"]["backup_retention_days"],
            "PerformanceInsightsEnabled": True,
            "CopyTagsToSnapshot": True,
        }.items():
            if instance[name] != wanted:
                yield f"{name} is {instance[name]}"
        if "SecretArn" not in instance.get("MasterUserSecret", {}):
            yield "the master's password is not RDS's"
        group = instance["DBParameterGroups"][0]["DBParameterGroupName"]
        parameters = {
            parameter["ParameterName"]: parameter["ParameterValue"]
            for parameter in estate.emulator.all("rds", "describe_db_parameters", "Parameters", DBParameterGroupName=group)
        }
        if parameters.get("rds.force_ssl") != "1":
            yield "the database takes connections without TLS"
        if parameters.get("max_connections") != str(settings["database"]["max_connections"]):
            yield f"max_connections is {parameters.get('max_connections')}"


@check
def keys_rotate(estate: Estate) -> Iterator[str]:
    for region in (REGION, REPLICA, GLOBAL):
        client = estate.emulator.client("kms", region)
        for key in [key["KeyId"] for key in estate.emulator.all("kms", "list_keys", "Keys", region)]:
            described = client.describe_key(KeyId=key)["KeyMetadata"]
            if (
                described["KeySpec"] == "SYMMETRIC_DEFAULT"
                and described["KeyManager"] == "CUSTOMER"
                and not client.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
            ):
                yield f"{key} in {region} does not rotate"


@check
def images_cannot_be_moved(estate: Estate) -> Iterator[str]:
    for repository in some(estate.emulator.all("ecr", "describe_repositories", "repositories"), "repository"):
        if repository["imageTagMutability"] != "IMMUTABLE":
            yield f"tags of {repository['repositoryName']} can be moved"
        if not repository["imageScanningConfiguration"]["scanOnPush"]:
            yield f"{repository['repositoryName']} does not scan"


@check
def backups_leave_the_region(estate: Estate) -> Iterator[str]:
    plans = estate.emulator.all("backup", "list_backup_plans", "BackupPlansList")
    for plan in some(plans, "backup plan"):
        rules = estate.emulator.client("backup").get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]["Rules"]
        for rule in some(rules, "rule of the backup plan"):
            if not any(f":{REPLICA}:" in action["DestinationBackupVaultArn"] for action in rule.get("CopyActions", [])):
                yield f"{rule['RuleName']} stays in the region"
        selections = estate.emulator.all("backup", "list_backup_selections", "BackupSelectionsList", BackupPlanId=plan["BackupPlanId"])
        some(selections, "selection of the backup plan")
