resource "aws_route53_record" "host" {
  for_each = toset(var.cloudfront ? ["A", "AAAA"] : ["A"])

  zone_id = var.zone_id
  name    = var.host
  type    = each.key

  alias {
    name    = var.cloudfront ? aws_cloudfront_distribution.this[0].domain_name : aws_lb.this.dns_name
    zone_id = var.cloudfront ? aws_cloudfront_distribution.this[0].hosted_zone_id : aws_lb.this.zone_id
    # Route 53 cannot tell how CloudFront is.
    evaluate_target_health = !var.cloudfront
  }
}

# The load balancer itself: for the test listener, and CloudFront's origin. Behind CloudFront these are private addresses.
resource "aws_route53_record" "origin" {
  zone_id = var.zone_id
  name    = local.origin_host
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = true
  }
}
