locals {
  zones   = contains(var.existing, "zone") ? 0 : 1
  zone_id = local.zones == 1 ? aws_route53_zone.domain[0].zone_id : data.aws_route53_zone.domain[0].zone_id
}

resource "aws_route53_zone" "domain" {
  #checkov:skip=CKV2_AWS_38:dnssec.tf signs it once the domain points here; the other way round, it would be gone for everybody
  count = local.zones

  name          = var.domain
  comment       = "Made by Terraform: terraform/account"
  force_destroy = var.force_destroy
}

data "aws_route53_zone" "domain" {
  count = 1 - local.zones

  name = var.domain
}

# Which names are asked for: the first thing to look at if somebody tries to guess hosts, and if nobody finds ours.
resource "aws_route53_query_log" "domain" {
  count = local.zones

  zone_id                  = aws_route53_zone.domain[0].zone_id
  cloudwatch_log_group_arn = aws_cloudwatch_log_group.dns[0].arn

  depends_on = [aws_cloudwatch_log_resource_policy.dns]
}

resource "aws_cloudwatch_log_group" "dns" {
  #checkov:skip=CKV_AWS_338:What was asked of name servers is of no use after a month
  count    = local.zones
  provider = aws.global

  name              = "/aws/route53/${var.domain}"
  retention_in_days = 30
  kms_key_id        = aws_kms_key.dns[0].arn
}

resource "aws_cloudwatch_log_resource_policy" "dns" {
  count    = local.zones
  provider = aws.global

  policy_name     = "${local.project}-route53"
  policy_document = data.aws_iam_policy_document.dns_logs[0].json
}

data "aws_iam_policy_document" "dns_logs" {
  count = local.zones

  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.dns[0].arn}:*"]

    principals {
      type        = "Service"
      identifiers = ["route53.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_route53_zone.domain[0].arn]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

# A log group takes a key of its own region only.
resource "aws_kms_key" "dns" {
  count    = local.zones
  provider = aws.global

  description         = "${local.project}: logs of DNS queries"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.dns_key.json
}

data "aws_iam_policy_document" "dns_key" {
  #checkov:skip=CKV_AWS_109:A key's policy says who may use the key; its only resource is the key itself
  #checkov:skip=CKV_AWS_111:As above
  #checkov:skip=CKV_AWS_356:As above: in it, * means this key
  statement {
    sid       = "LetTheAccountsPoliciesDecide"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account}:root"]
    }
  }

  statement {
    sid       = "EncryptLogs"
    actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.us-east-1.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:${local.partition}:logs:us-east-1:${local.account}:log-group:/aws/route53/*"]
    }
  }
}
