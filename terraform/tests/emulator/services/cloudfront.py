"""CloudFront: moto has no policies and no VPC origins, and forgets what a distribution says of them. Everything answered here is deployed at once."""

from __future__ import annotations

import copy
import time
import uuid

from ..calls import ACCOUNT, Answer, Call, Refused, answers
from ..tags import tag_new, tags_of

# What AWS calls the kind, and the error where there is none.
POLICIES = {
    "CachePolicy": "NoSuchCachePolicy",
    "OriginRequestPolicy": "NoSuchOriginRequestPolicy",
    "ResponseHeadersPolicy": "NoSuchResponseHeadersPolicy",
}


def _entry(call: Call, kind: str, unknown: str) -> Answer:
    if call.params["Id"] not in call.store(kind):
        raise Refused(unknown, f"The specified {kind} does not exist.")
    return call.store(kind)[call.params["Id"]]


def _etag() -> str:
    return uuid.uuid4().hex[:14].upper()


def _policy(kind: str, unknown: str) -> None:
    config = f"{kind}Config"

    def answer(entry: Answer) -> Answer:
        return {kind: {"Id": entry["Id"], "LastModifiedTime": entry["changed"], config: entry["config"]}, "ETag": entry["etag"]}

    @answers("cloudfront", f"Create{kind}")
    def create(call: Call) -> Answer:
        identifier = str(uuid.uuid4())
        call.store(kind)[identifier] = {"Id": identifier, "changed": time.time(), "etag": _etag(), "config": call.params[config]}
        return answer(call.store(kind)[identifier])

    @answers("cloudfront", f"Get{kind}")
    def get(call: Call) -> Answer:
        return answer(_entry(call, kind, unknown))

    @answers("cloudfront", f"Update{kind}")
    def update(call: Call) -> Answer:
        entry = _entry(call, kind, unknown)
        entry.update(changed=time.time(), etag=_etag(), config=call.params[config])
        return answer(entry)

    @answers("cloudfront", f"Delete{kind}")
    def delete(call: Call) -> None:
        del call.store(kind)[_entry(call, kind, unknown)["Id"]]

    listed = {
        "CachePolicy": "CachePolicies",
        "OriginRequestPolicy": "OriginRequestPolicies",
        "ResponseHeadersPolicy": "ResponseHeadersPolicies",
    }[kind]

    @answers("cloudfront", f"List{listed}")
    def list_all(call: Call) -> Answer:
        """Only ours; AWS's own are read by their known ids."""
        items = [{"Type": "custom", kind: answer(entry)[kind]} for entry in call.store(kind).values()]
        return {f"{kind}List": {"MaxItems": 100, "Quantity": len(items), "Items": items}}


for _kind, _unknown in POLICIES.items():
    _policy(_kind, _unknown)


@answers("cloudfront", "CreateVpcOrigin")
def create_vpc_origin(call: Call) -> Answer:
    identifier = f"vo_{uuid.uuid4().hex[:22]}"
    arn = f"arn:aws:cloudfront::{ACCOUNT}:vpcorigin/{identifier}"
    origin = {
        "Id": identifier,
        "Arn": arn,
        "AccountId": ACCOUNT,
        "Status": "Deployed",
        "CreatedTime": time.time(),
        "LastModifiedTime": time.time(),
    }
    origin["VpcOriginEndpointConfig"] = call.params["VpcOriginEndpointConfig"]
    call.store("vpc origins")[identifier] = {"VpcOrigin": origin, "ETag": _etag()}
    tag_new(call, arn, call.params.get("Tags", {}).get("Items"))
    return call.store("vpc origins")[identifier]


@answers("cloudfront", "GetVpcOrigin")
def get_vpc_origin(call: Call) -> Answer:
    return _entry(call, "vpc origins", "EntityNotFound")


@answers("cloudfront", "ListVpcOrigins")
def list_vpc_origins(call: Call) -> Answer:
    items = [
        {
            **entry["VpcOrigin"],
            "Name": entry["VpcOrigin"]["VpcOriginEndpointConfig"]["Name"],
            "OriginEndpointArn": entry["VpcOrigin"]["VpcOriginEndpointConfig"]["Arn"],
        }
        for entry in call.store("vpc origins").values()
    ]
    return {"VpcOriginList": {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(items), "Items": items}}


@answers("cloudfront", "UpdateVpcOrigin")
def update_vpc_origin(call: Call) -> Answer:
    entry = _entry(call, "vpc origins", "EntityNotFound")
    entry["VpcOrigin"]["VpcOriginEndpointConfig"] = call.params["VpcOriginEndpointConfig"]
    entry["ETag"] = _etag()
    return entry


@answers("cloudfront", "DeleteVpcOrigin")
def delete_vpc_origin(call: Call) -> Answer:
    entry = _entry(call, "vpc origins", "EntityNotFound")
    used = [
        origin.get("VpcOriginConfig", {}).get("VpcOriginId")
        for distribution in call.store("distributions").values()
        for origin in distribution["config"]["Origins"]["Items"]
    ]
    if entry["VpcOrigin"]["Id"] in used:
        raise Refused("CannotDeleteEntityWhileInUse", "The VPC origin is used by a distribution.")
    del call.store("vpc origins")[entry["VpcOrigin"]["Id"]]
    return entry


@answers("cloudfront", "CreateDistribution", "CreateDistributionWithTags")
def create_distribution(call: Call) -> Answer:
    given = call.params.get("DistributionConfigWithTags", call.params)
    identifier = f"E{uuid.uuid4().hex[:13].upper()}"
    entry = {"Id": identifier, "etag": _etag(), "changed": time.time(), "config": given["DistributionConfig"]}
    call.store("distributions")[identifier] = entry
    tag_new(call, _distribution(entry)["ARN"], given.get("Tags", {}).get("Items"))
    return {"Distribution": _distribution(entry), "ETag": entry["etag"], "Location": f"/2020-05-31/distribution/{identifier}"}


@answers("cloudfront", "GetDistribution")
def get_distribution(call: Call) -> Answer:
    entry = _entry(call, "distributions", "NoSuchDistribution")
    return {"Distribution": _distribution(entry), "ETag": entry["etag"]}


@answers("cloudfront", "GetDistributionConfig")
def get_distribution_config(call: Call) -> Answer:
    entry = _entry(call, "distributions", "NoSuchDistribution")
    return {"DistributionConfig": _distribution(entry)["DistributionConfig"], "ETag": entry["etag"]}


@answers("cloudfront", "ListDistributions")
def list_distributions(call: Call) -> Answer:
    items = [{**_distribution(entry)["DistributionConfig"], **_distribution(entry)} for entry in call.store("distributions").values()]
    return {"DistributionList": {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(items), "Items": items}}


@answers("cloudfront", "UpdateDistribution")
def update_distribution(call: Call) -> Answer:
    entry = _entry(call, "distributions", "NoSuchDistribution")
    if call.params.get("IfMatch") != entry["etag"]:
        raise Refused("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the distribution.")
    entry.update(etag=_etag(), changed=time.time(), config=call.params["DistributionConfig"])
    return {"Distribution": _distribution(entry), "ETag": entry["etag"]}


@answers("cloudfront", "DeleteDistribution")
def delete_distribution(call: Call) -> None:
    entry = _entry(call, "distributions", "NoSuchDistribution")
    if entry["config"]["Enabled"]:
        raise Refused("DistributionNotDisabled", "The distribution you are trying to delete has not been disabled.")
    del call.store("distributions")[entry["Id"]]


def _distribution(entry: Answer) -> Answer:
    """As AWS answers it: with what was left out."""
    config = {
        **{name: {"Quantity": 0} for name in ("Aliases", "CacheBehaviors", "CustomErrorResponses", "OriginGroups")},
        **copy.deepcopy(entry["config"]),
    }
    for behaviour in [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", {}).get("Items", [])]:
        behaviour.setdefault("GrpcConfig", {"Enabled": False})
    return {
        "Id": entry["Id"],
        "ARN": f"arn:aws:cloudfront::{ACCOUNT}:distribution/{entry['Id']}",
        "Status": "Deployed",
        "LastModifiedTime": entry["changed"],
        "InProgressInvalidationBatches": 0,
        "DomainName": f"{entry['Id'].lower()}.cloudfront.net",
        "ActiveTrustedSigners": {"Enabled": False, "Quantity": 0},
        "ActiveTrustedKeyGroups": {"Enabled": False, "Quantity": 0},
        "DistributionConfig": config,
    }


@answers("cloudfront", "ListTagsForResource")
def list_tags(call: Call) -> Answer:
    return {"Tags": {"Items": [{"Key": key, "Value": value} for key, value in tags_of(call, call.params["Resource"]).items()]}}


@answers("cloudfront", "TagResource")
def tag(call: Call) -> None:
    tag_new(call, call.params["Resource"], call.params["Tags"]["Items"])


@answers("cloudfront", "UntagResource")
def untag(call: Call) -> None:
    for key in call.params["TagKeys"]["Items"]:
        tags_of(call, call.params["Resource"]).pop(key, None)
