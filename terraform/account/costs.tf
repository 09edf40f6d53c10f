# Without credits, which would hide what everything costs until they are used up.
resource "aws_budgets_budget" "monthly" {
  name         = local.project
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(local.settings.account.budget_usd)
  limit_unit   = "USD"

  cost_types {
    include_credit = false
    include_refund = false
  }

  dynamic "notification" {
    for_each = [
      { type = "ACTUAL", percent = 80 },
      { type = "ACTUAL", percent = 100 },
      { type = "FORECASTED", percent = 100 },
    ]

    content {
      comparison_operator        = "GREATER_THAN"
      notification_type          = notification.value.type
      threshold                  = notification.value.percent
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = var.people.ticket
    }
  }

  lifecycle {
    precondition {
      condition     = can(local.settings.account.budget_usd > 0) && local.settings.account.budget_usd > 0
      error_message = "account.budget_usd in settings.yaml is ${local.settings.account.budget_usd}: set US dollars a month, more than 0. docs/costs.md says what to expect."
    }
  }
}

# The budget hears of a month; this hears of a day on which one service costs what it never did. It is free.
resource "aws_ce_anomaly_monitor" "services" {
  count = contains(var.existing, "anomaly_monitor") ? 0 : 1

  name              = "${local.project}-services"
  monitor_type      = "DIMENSIONAL"
  monitor_dimension = "SERVICE"
}

resource "aws_ce_anomaly_subscription" "daily" {
  count = contains(var.existing, "anomaly_monitor") ? 0 : 1

  name             = "${local.project}-daily"
  frequency        = "DAILY"
  monitor_arn_list = [aws_ce_anomaly_monitor.services[0].arn]

  dynamic "subscriber" {
    for_each = toset(var.people.ticket)

    content {
      type    = "EMAIL"
      address = subscriber.key
    }
  }

  # A hundredth of the budget more than expected.
  threshold_expression {
    dimension {
      key           = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
      match_options = ["GREATER_THAN_OR_EQUAL"]
      values        = [tostring(ceil(local.settings.account.budget_usd / 100))]
    }
  }
}

resource "aws_ce_cost_allocation_tag" "this" {
  for_each = var.cost_tags ? toset(keys(local.tags)) : toset([])

  tag_key = each.key
  status  = "Active"
}
