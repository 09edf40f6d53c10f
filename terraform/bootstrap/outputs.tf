output "backend" {
  description = "Text of the file that the other roots are initialised with: `terraform init -backend-config=FILE`."
  # Without the key, the backend would ask for S3's own encryption, which the bucket refuses.
  value = <<-EOT
    bucket       = "${module.state.id}"
    region       = "${var.region}"
    encrypt      = true
    kms_key_id   = "${aws_kms_key.state.arn}"
    use_lockfile = true
  EOT
}
