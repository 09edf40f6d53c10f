"""Tags of what moto does not tag."""

from __future__ import annotations

from typing import Any

from .calls import Answer, Call, answers


def taggable(
    service: str,
    *,
    arn: str,
    tags: str = "Tags",
    keys: str = "TagKeys",
    listed: str | None = None,
    pairs: bool = True,
    read: str = "ListTagsForResource",
) -> None:
    """Tags are kept for whatever ARN is given. The names are those of the service's parameters; `pairs`: a list of keys and values, or else a map."""

    @answers(service, read)
    def list_tags(call: Call) -> Answer:
        kept = tags_of(call, call.params[arn])
        return {listed or tags: [{"Key": key, "Value": value} for key, value in kept.items()] if pairs else kept}

    @answers(service, "TagResource")
    def tag(call: Call) -> None:
        tag_new(call, call.params[arn], call.params[tags])

    @answers(service, "UntagResource")
    def untag(call: Call) -> None:
        for key in call.params[keys]:
            tags_of(call, call.params[arn]).pop(key, None)


def tags_of(call: Call, arn: str) -> dict[str, str]:
    return call.store("tags").setdefault(arn, {})


def tag_new(call: Call, arn: str, tags: list[dict[str, Any]] | dict[str, str] | None) -> None:
    """What a call that creates something does with its tags."""
    if isinstance(tags, list):
        tags = {tag["Key" if "Key" in tag else "TagKey"]: tag["Value" if "Value" in tag else "TagValue"] for tag in tags}
    tags_of(call, arn).update(tags or {})
