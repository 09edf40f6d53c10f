locals {
  # GitHub's tokens name their issuer so (https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services).
  issuer = "token.actions.githubusercontent.com"

  # Who may change roles of an environment may change none in here.
  path = "/delivery/"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.oidc_provider_arn]
    }

    # Equal, not like: no other branch, environment or repository can be spelt so that it fits.
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = var.subjects
    }
  }
}

resource "aws_iam_role" "this" {
  name                 = var.name
  path                 = local.path
  description          = var.description
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = var.max_session
}

# Managed, not inline: inline ones may have 10,240 characters together, which is too few for who applies Terraform.
resource "aws_iam_policy" "this" {
  for_each = var.policies

  name        = "${var.name}-${replace(each.key, "_", "-")}"
  path        = local.path
  description = "Part of ${var.name}"
  policy      = each.value
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = aws_iam_policy.this

  role       = aws_iam_role.this.name
  policy_arn = each.value.arn
}
