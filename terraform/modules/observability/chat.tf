# Alarms in a channel of Slack. The workspace is authorised once by a human, in the console
# (https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html).

locals {
  # Graphs of alarms, and questions to CloudWatch. Without a guardrail of our own, it would be AdministratorAccess.
  chat_policy = "arn:${data.aws_partition.current.partition}:iam::aws:policy/CloudWatchReadOnlyAccess"
}

data "aws_iam_policy_document" "chat_trust" {
  # AWS names no condition that the service would send.
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["chatbot.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "chat" {
  count = var.slack == null ? 0 : 1

  name                 = "${var.name}-chat"
  description          = "What members of the Slack channel may ask AWS"
  assume_role_policy   = data.aws_iam_policy_document.chat_trust.json
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy_attachment" "chat" {
  count = var.slack == null ? 0 : 1

  role       = aws_iam_role.chat[0].name
  policy_arn = local.chat_policy
}

resource "aws_chatbot_slack_channel_configuration" "this" {
  count = var.slack == null ? 0 : 1

  configuration_name    = var.name
  slack_team_id         = var.slack.workspace
  slack_channel_id      = var.slack.channel
  sns_topic_arns        = values(local.topics)
  iam_role_arn          = aws_iam_role.chat[0].arn
  guardrail_policy_arns = [local.chat_policy]
  logging_level         = "ERROR"
}
