"""EC2: moto forgets what a rule between security groups is for and which ICMP messages a network ACL is about.

It keeps the default network ACL of a VPC that is gone.
"""

from __future__ import annotations

from moto.ec2.models import ec2_backends

from ..calls import ACCOUNT, Answer, Call, amends


@amends("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def remember_description(call: Call, answer: Answer) -> None:
    """For calls with one rule, as Terraform's are."""
    sources = [source for permission in call.params["IpPermissions"] for source in permission.get("UserIdGroupPairs", []) + permission.get("PrefixListIds", [])]
    for rule, source in zip(answer["SecurityGroupRules"], sources, strict=False):
        call.store("descriptions")[rule["SecurityGroupRuleId"]] = source.get("Description")


@amends("ec2", "ModifySecurityGroupRules")
def change_description(call: Call, answer: Answer) -> None:
    for change in call.params["SecurityGroupRules"]:
        if change["SecurityGroupRuleId"] in call.store("descriptions"):
            call.store("descriptions")[change["SecurityGroupRuleId"]] = change["SecurityGroupRule"].get("Description")


@amends("ec2", "DescribeSecurityGroupRules")
def recall_description(call: Call, answer: Answer) -> None:
    for rule in answer["SecurityGroupRules"]:
        description = call.store("descriptions").get(rule["SecurityGroupRuleId"])
        if description:
            rule["Description"] = description


@amends("ec2", "CreateNetworkAclEntry", "ReplaceNetworkAclEntry")
def remember_icmp(call: Call, answer: Answer) -> None:
    call.store("icmp")[call.params["NetworkAclId"], call.params["Egress"], call.params["RuleNumber"]] = call.params.get("IcmpTypeCode")


@amends("ec2", "DescribeNetworkAcls")
def recall_icmp(call: Call, answer: Answer) -> None:
    for acl in answer["NetworkAcls"]:
        for entry in acl["Entries"]:
            icmp = call.store("icmp").get((acl["NetworkAclId"], entry["Egress"], entry["RuleNumber"]))
            if icmp and entry["Protocol"] in ("1", "58"):
                entry["IcmpTypeCode"] = icmp


@amends("ec2", "DeleteVpc")
def delete_acl(call: Call, answer: Answer) -> None:
    acls = ec2_backends[ACCOUNT][call.region].network_acls
    for identifier in [identifier for identifier, acl in acls.items() if acl.vpc_id == call.params["VpcId"]]:
        del acls[identifier]
