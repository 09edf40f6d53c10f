# The functions' programs: functions/NAME/HASH.zip, where HASH is what `codedeploy/hooks/package` printed, in base64url without padding.
# With S3's own key: what is in it is public code, and each function's role would need the key's permission.
module "packages" {
  source = "../modules/bucket"

  name          = "${local.project}-packages-${local.account}"
  force_destroy = var.force_destroy
}
