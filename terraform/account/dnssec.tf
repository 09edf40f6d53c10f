# Answers that nobody can forge. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-enable-signing.html
locals {
  signed = var.dnssec ? 1 : 0
}

resource "aws_kms_key" "dnssec" {
  #checkov:skip=CKV_AWS_7:KMS rotates no asymmetric keys
  count    = local.signed
  provider = aws.global

  description              = "${local.project}: signatures of ${var.domain}"
  customer_master_key_spec = "ECC_NIST_P256"
  key_usage                = "SIGN_VERIFY"
  policy                   = data.aws_iam_policy_document.dnssec_key.json
}

data "aws_iam_policy_document" "dnssec_key" {
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
    sid       = "Sign"
    actions   = ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["dnssec-route53.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }

  statement {
    sid       = "LetRoute53KeepTheKey"
    actions   = ["kms:CreateGrant"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["dnssec-route53.amazonaws.com"]
    }

    condition {
      test     = "Bool"
      variable = "kms:GrantIsForAWSResource"
      values   = ["true"]
    }
  }
}

resource "aws_route53_key_signing_key" "domain" {
  count = local.signed

  name                       = local.project
  hosted_zone_id             = local.zone_id
  key_management_service_arn = aws_kms_key.dnssec[0].arn
}

resource "aws_route53_hosted_zone_dnssec" "domain" {
  count = local.signed

  hosted_zone_id = aws_route53_key_signing_key.domain[0].hosted_zone_id
}
