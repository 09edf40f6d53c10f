# What `terraform apply` does to the environment: by name where AWS lets names tell, else by the tag Environment, else by region.

locals {
  apply = {
    network    = local.apply_network
    edge       = local.apply_edge
    service    = local.apply_service
    foundation = local.apply_foundation
    watch      = local.apply_watch
    roles      = local.apply_roles
  }

  apply_watch = [
    {
      Sid      = "Alarms"
      Effect   = "Allow"
      Action   = ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource", "cloudwatch:UntagResource"]
      Resource = local.called.alarm
    },
    {
      Sid      = "Dashboards"
      Effect   = "Allow"
      Action   = ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"]
      Resource = local.called.dashboard
    },
    {
      # The model of an alarm on anomalies, saved queries and chat take no resource.
      Sid    = "AnomaliesQueriesAndChat"
      Effect = "Allow"
      Action = [
        "chatbot:CreateSlackChannelConfiguration", "chatbot:DeleteSlackChannelConfiguration", "chatbot:TagResource", "chatbot:UntagResource", "chatbot:UpdateSlackChannelConfiguration",
        "cloudwatch:DeleteAnomalyDetector", "cloudwatch:PutAnomalyDetector",
        "logs:DeleteQueryDefinition", "logs:PutQueryDefinition",
      ]
      Resource = "*"
    },
    {
      Sid    = "Topics"
      Effect = "Allow"
      Action = [
        "sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:UntagResource",
      ]
      Resource = local.called.topic
    },
    {
      # Take no resource.
      Sid       = "Subscriptions"
      Effect    = "Allow"
      Action    = ["sns:SetSubscriptionAttributes", "sns:Unsubscribe"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      Sid    = "LogGroups"
      Effect = "Allow"
      Action = [
        "logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DeleteRetentionPolicy", "logs:DisassociateKmsKey", "logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource",
      ]
      Resource = flatten(values(local.log_groups))
    },
    {
      # Where a firewall and a VPC send their logs (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html).
      Sid    = "LogDeliveries"
      Effect = "Allow"
      Action = [
        "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DeleteResourcePolicy", "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
      ]
      Resource  = "*"
      Condition = local.here_only
    },
    {
      Sid      = "TraceGroups"
      Effect   = "Allow"
      Action   = ["xray:CreateGroup", "xray:DeleteGroup", "xray:TagResource", "xray:UntagResource", "xray:UpdateGroup"]
      Resource = local.called.trace_group
    },
    {
      Sid      = "Rules"
      Effect   = "Allow"
      Action   = ["events:DeleteRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets", "events:TagResource", "events:UntagResource"]
      Resource = local.called.rule
    },
  ]
}
