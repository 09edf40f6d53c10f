"""Chatbot (Amazon Q Developer in chat applications), which moto lacks: Slack channels."""

from __future__ import annotations

from ..calls import ACCOUNT, Answer, Call, Refused, answers
from ..tags import tag_new, taggable, tags_of

taggable("chatbot", arn="ResourceARN")


@answers("chatbot", "CreateSlackChannelConfiguration")
def create(call: Call) -> Answer:
    arn = f"arn:aws:chatbot::{ACCOUNT}:chat-configuration/slack-channel/{call.params['ConfigurationName']}"
    given = {name: value for name, value in call.params.items() if name != "Tags"}
    channel = {
        "ChatConfigurationArn": arn,
        "SlackTeamName": "",
        "SlackChannelName": "",
        "UserAuthorizationRequired": False,
        **given,
    }
    call.store("channels")[arn] = channel
    tag_new(call, arn, call.params.get("Tags"))
    return {"ChannelConfiguration": channel}


@answers("chatbot", "DescribeSlackChannelConfigurations")
def describe(call: Call) -> Answer:
    wanted = call.params.get("ChatConfigurationArn")
    found = [channel for arn, channel in call.store("channels").items() if wanted in (None, arn)]
    return {"SlackChannelConfigurations": [{**channel, "Tags": _tags(call, channel["ChatConfigurationArn"])} for channel in found]}


def _tags(call: Call, arn: str) -> list[Answer]:
    return [{"TagKey": key, "TagValue": value} for key, value in tags_of(call, arn).items()]


@answers("chatbot", "UpdateSlackChannelConfiguration")
def update(call: Call) -> Answer:
    arn = call.params["ChatConfigurationArn"]
    if arn not in call.store("channels"):
        raise Refused("ResourceNotFoundException", arn)
    call.store("channels")[arn].update(call.params)
    return {"ChannelConfiguration": call.store("channels")[arn]}


@answers("chatbot", "DeleteSlackChannelConfiguration")
def delete(call: Call) -> None:
    call.store("channels").pop(call.params["ChatConfigurationArn"], None)
