"""Application Auto Scaling: moto has no tags."""

from __future__ import annotations

from ..calls import Answer, Call, amends
from ..tags import tag_new, taggable

taggable("application-autoscaling", arn="ResourceARN", pairs=False)


@amends("application-autoscaling", "RegisterScalableTarget")
def register(call: Call, answer: Answer) -> None:
    tag_new(call, answer["ScalableTargetARN"], call.params.get("Tags"))
