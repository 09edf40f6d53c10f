locals {
  # Of these CloudFront keeps errors for ten seconds otherwise, `Cache-Control: no-store` or not.
  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
  error_codes = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504]
}

resource "aws_cloudfront_vpc_origin" "load_balancer" {
  count = var.cloudfront ? 1 : 0

  vpc_origin_endpoint_config {
    name                   = var.name
    arn                    = aws_lb.this.arn
    http_port              = 80
    https_port             = aws_lb_listener.production.port
    origin_protocol_policy = "https-only"

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }

  # The provider's own 15 minutes are about what it takes; later, it would be replaced by the next apply.
  timeouts {
    create = "45m"
    update = "45m"
    delete = "45m"
  }
}

resource "aws_cloudfront_distribution" "this" {
  #checkov:skip=CKV_AWS_305:The service answers at /
  #checkov:skip=CKV_AWS_310:There is one origin; what there is more than one of is behind its load balancer
  #checkov:skip=CKV_AWS_374:The catalogue is for every country
  #checkov:skip=CKV2_AWS_32:The service sends HSTS and the like itself, with or without CloudFront (api/src/http/security_headers.rs)
  count = var.cloudfront ? 1 : 0

  comment         = var.name
  aliases         = [var.host]
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  web_acl_id      = module.global_firewall[0].arn

  origin {
    origin_id = "load-balancer"
    # Where requests go is the VPC origin's business; this is whose certificate is expected.
    domain_name = local.origin_host

    vpc_origin_config {
      vpc_origin_id = aws_cloudfront_vpc_origin.load_balancer[0].id
      # CloudFront closes idle connections before the load balancer does, which would be a 502 now and then.
      origin_keepalive_timeout = min(var.idle_timeout, 60) - 5
      # Longer than the 15 s after which the service gives up.
      origin_read_timeout = 30
    }
  }

  default_cache_behavior {
    target_origin_id         = "load-balancer"
    viewer_protocol_policy   = "redirect-to-https"
    allowed_methods          = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods           = ["GET", "HEAD"]
    cache_policy_id          = aws_cloudfront_cache_policy.this[0].id
    origin_request_policy_id = aws_cloudfront_origin_request_policy.this[0].id

    # The service compresses, and with reason not for everybody (api/src/http/compression.rs).
    compress = false
  }

  dynamic "custom_error_response" {
    for_each = toset(local.error_codes)

    content {
      error_code            = custom_error_response.value
      error_caching_min_ttl = 0
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    acm_certificate_arn      = aws_acm_certificate_validation.global[0].certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }

  logging_config {
    bucket          = var.logs_bucket.regional_domain_name
    prefix          = "cloudfront/"
    include_cookies = false
  }
}
