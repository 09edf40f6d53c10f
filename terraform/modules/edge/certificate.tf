# Of the load balancer. CloudFront forwards `Host`, and compares the certificate with that.
resource "aws_acm_certificate" "regional" {
  domain_name               = var.host
  subject_alternative_names = [local.origin_host]
  validation_method         = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_acm_certificate" "global" {
  count    = var.cloudfront ? 1 : 0
  provider = aws.global

  domain_name       = var.host
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  validations = { for option in aws_acm_certificate.regional.domain_validation_options : option.domain_name => option }
}

# Keyed by names, since what ACM asks for is only known once it was asked.
resource "aws_route53_record" "validation" {
  for_each = toset([var.host, local.origin_host])

  zone_id = var.zone_id
  name    = local.validations[each.key].resource_record_name
  type    = local.validations[each.key].resource_record_type
  records = [local.validations[each.key].resource_record_value]
  ttl     = 300

  # Every certificate of a name asks one account for the same record, in every region: one that is there already is right.
  # https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "regional" {
  certificate_arn         = aws_acm_certificate.regional.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

resource "aws_acm_certificate_validation" "global" {
  count    = var.cloudfront ? 1 : 0
  provider = aws.global

  certificate_arn         = aws_acm_certificate.global[0].arn
  validation_record_fqdns = [aws_route53_record.validation[var.host].fqdn]
}
