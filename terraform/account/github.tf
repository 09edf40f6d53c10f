locals {
  github       = "https://token.actions.githubusercontent.com"
  github_known = contains(var.existing, "github_oidc")
  github_arn   = local.github_known ? data.aws_iam_openid_connect_provider.github[0].arn : aws_iam_openid_connect_provider.github[0].arn
}

# No thumbprint: AWS trusts GitHub's certificate by its own list of authorities.
resource "aws_iam_openid_connect_provider" "github" {
  count = local.github_known ? 0 : 1

  url            = local.github
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_openid_connect_provider" "github" {
  count = local.github_known ? 1 : 0

  url = local.github
}

# What is built is built once, from the main branch, for all environments. The environments' own roles are with them (modules/delivery).
module "build_role" {
  source = "../modules/github_role"

  name              = "${local.project}-build"
  description       = "Builds images and packages of the main branch"
  oidc_provider_arn = local.github_arn
  subjects          = ["repo:${var.github_repository}:ref:refs/heads/main"]
  policies          = { build = data.aws_iam_policy_document.build.json }
}

data "aws_iam_policy_document" "build" {
  #checkov:skip=CKV_AWS_356:GetAuthorizationToken knows no resource
  statement {
    sid       = "LogInToTheRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  # Without any to delete: what was released stays until the registry's own rules let it go.
  statement {
    sid = "PushImagesAndReadTheirScans"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImages",
      "ecr:DescribeImageScanFindings",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = [module.registry.repository_arn]
  }

  # A package's name is its hash, so nothing may take its place: S3 is asked to refuse that, by `--if-none-match '*'`.
  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
  statement {
    sid       = "AddPackages"
    actions   = ["s3:PutObject"]
    resources = ["${module.packages.arn}/functions/*"]

    condition {
      test     = "Null"
      variable = "s3:if-none-match"
      values   = ["false"]
    }
  }

  statement {
    sid       = "SeeWhichPackagesThereAre"
    actions   = ["s3:ListBucket"]
    resources = [module.packages.arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["functions/*"]
    }
  }
}
