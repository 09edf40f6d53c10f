"""RDS: moto forgets some of what an instance is told, and takes a user's parameters for AWS's."""

from __future__ import annotations

import uuid

from moto.rds.models import rds_backends

from ..calls import ACCOUNT, Answer, Call, amends

# The request's name of what moto does not keep, and the answer's.
KEPT = {
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "PerformanceInsightsKMSKeyId": "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
    "DatabaseInsightsMode": "DatabaseInsightsMode",
}


@amends("rds", "CreateDBInstance")
def identify(call: Call, answer: Answer) -> None:
    """All of moto's instances have the same resource id, by which policies for IAM authentication name them."""
    instance = rds_backends[ACCOUNT][call.region].databases[answer["DBInstance"]["DBInstanceIdentifier"]]
    instance.dbi_resource_id = answer["DBInstance"]["DbiResourceId"] = f"db-{uuid.uuid4().hex[:26].upper()}"


@amends("rds", "CreateDBInstance", "ModifyDBInstance")
def remember(call: Call, answer: Answer) -> None:
    kept = call.store("instances").setdefault(answer["DBInstance"]["DBInstanceIdentifier"], {})
    kept.update({KEPT[name]: value for name, value in call.params.items() if name in KEPT})
    answer["DBInstance"].update(kept)


@amends("rds", "DescribeDBInstances")
def recall(call: Call, answer: Answer) -> None:
    for instance in answer["DBInstances"]:
        instance.update(call.store("instances").get(instance["DBInstanceIdentifier"], {}))


@amends("rds", "DeleteDBInstance")
def forget(call: Call, answer: Answer) -> None:
    call.store("instances").pop(answer["DBInstance"]["DBInstanceIdentifier"], None)


@amends("rds", "DescribeDBParameters")
def parameters(call: Call, answer: Answer) -> None:
    """Moto keeps only those that somebody set, and as they were set."""
    for parameter in answer["Parameters"]:
        parameter["Source"] = "user"
        # The default since PostgreSQL 15: setting it changes nothing (https://github.com/hashicorp/terraform-provider-aws/issues/39252).
        if (parameter["ParameterName"], parameter["ParameterValue"]) == ("rds.force_ssl", "1"):
            parameter["ApplyMethod"] = "pending-reboot"
    if call.params.get("Source") not in (None, "user"):
        answer["Parameters"] = []
