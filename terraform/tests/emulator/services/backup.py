"""AWS Backup: moto has no selections and no vault policies, and loses ARNs with a slash when it lists tags."""

from __future__ import annotations

import time
import uuid

from moto.backup.models import backup_backends

from ..calls import ACCOUNT, Answer, Call, Refused, answers


@answers("backup", "ListTags")
def list_tags(call: Call) -> Answer:
    return {"Tags": backup_backends[ACCOUNT][call.region].list_tags(call.params["ResourceArn"])}


@answers("backup", "CreateBackupSelection")
def create_selection(call: Call) -> Answer:
    identifier = str(uuid.uuid4())
    head = {"SelectionId": identifier, "BackupPlanId": call.params["BackupPlanId"], "CreationDate": time.time()}
    call.store("selections")[identifier] = {**head, "BackupSelection": call.params["BackupSelection"]}
    return head


@answers("backup", "GetBackupSelection")
def get_selection(call: Call) -> Answer:
    identifier = call.params["SelectionId"]
    if identifier not in call.store("selections"):
        raise Refused("ResourceNotFoundException", f"Cannot find backup selection {identifier}")
    return call.store("selections")[identifier]


@answers("backup", "ListBackupSelections")
def list_selections(call: Call) -> Answer:
    found = [entry for entry in call.store("selections").values() if entry["BackupPlanId"] == call.params["BackupPlanId"]]
    return {"BackupSelectionsList": [{**entry["BackupSelection"], **entry} for entry in found]}


@answers("backup", "DeleteBackupSelection")
def delete_selection(call: Call) -> None:
    call.store("selections").pop(call.params["SelectionId"], None)


@answers("backup", "PutBackupVaultAccessPolicy")
def put_policy(call: Call) -> None:
    call.store("policies")[call.params["BackupVaultName"]] = call.params["Policy"]


@answers("backup", "GetBackupVaultAccessPolicy")
def get_policy(call: Call) -> Answer:
    name = call.params["BackupVaultName"]
    if name not in call.store("policies"):
        raise Refused("ResourceNotFoundException", f"Backup vault {name} has no policy")
    return {"BackupVaultName": name, "BackupVaultArn": call.arn(f"backup-vault:{name}"), "Policy": call.store("policies")[name]}


@answers("backup", "DeleteBackupVaultAccessPolicy")
def delete_policy(call: Call) -> None:
    call.store("policies").pop(call.params["BackupVaultName"], None)


@answers("backup", "ListRecoveryPointsByBackupVault")
def list_recovery_points(call: Call) -> Answer:
    """There are none: nothing is ever backed up."""
    return {"RecoveryPoints": []}
