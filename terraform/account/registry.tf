module "registry" {
  source = "../modules/registry"

  name         = local.project
  key          = aws_kms_key.account.arn
  keep_images  = local.settings.account.keep_images
  force_delete = var.force_destroy
}
