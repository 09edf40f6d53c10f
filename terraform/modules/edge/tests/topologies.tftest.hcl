mock_provider "aws" {
  source = "../../tests/mocks"

  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000001"
      domain_validation_options = [
        { domain_name = "api.example.com", resource_record_name = "_1.api.example.com.", resource_record_type = "CNAME", resource_record_value = "_1.acm-validations.aws." },
        { domain_name = "origin.api.example.com", resource_record_name = "_2.origin.api.example.com.", resource_record_type = "CNAME", resource_record_value = "_2.acm-validations.aws." },
      ]
    }
  }

  mock_resource "aws_cloudfront_distribution" {
    defaults = { domain_name = "d111111abcdef8.cloudfront.net", hosted_zone_id = "Z2FDTNDATAQYW2" }
  }

  mock_data "aws_ec2_managed_prefix_list" {
    defaults = { id = "pl-0123456789abcdef0" }
  }
}

mock_provider "aws" {
  alias  = "global"
  source = "../../tests/mocks"

  # Region and ids tell that what is made here is made there.
  mock_data "aws_region" {
    defaults = { name = "us-east-1", id = "us-east-1" }
  }

  mock_resource "aws_acm_certificate" {
    defaults = { arn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000002" }
  }

  mock_resource "aws_wafv2_web_acl" {
    defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/mock/00000000-0000-0000-0000-000000000002" }
  }
}

# Told apart, unlike mocks.
override_resource {
  target = aws_lb_target_group.slot["blue"]
  values = { arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/blue/0123456789abcdef", arn_suffix = "targetgroup/blue/0123456789abcdef" }
}

override_resource {
  target = aws_lb_target_group.slot["green"]
  values = { arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/green/0123456789abcdef", arn_suffix = "targetgroup/green/0123456789abcdef" }
}

variables {
  name                           = "taproom-test"
  vpc_id                         = "vpc-1"
  public_subnet_ids              = ["subnet-public-1", "subnet-public-2"]
  private_subnet_ids             = ["subnet-private-1", "subnet-private-2"]
  host                           = "api.example.com"
  zone_id                        = "Z1"
  nat_addresses                  = ["203.0.113.1", "203.0.113.2"]
  test_client_security_group_ids = { hooks = "sg-hooks", prober = "sg-prober" }
  operators                      = ["198.51.100.0/24"]
  cloudfront                     = false
  waf                            = { requests_per_five_minutes = 3000 }
  deletion_protection            = true
  logs_bucket                    = { id = "taproom-test-logs", regional_domain_name = "taproom-test-logs.s3.eu-west-1.amazonaws.com" }
  logs_key                       = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  log_retention_days             = 30
}

run "without_cloudfront" {
  assert {
    condition     = !aws_lb.this.internal && toset(aws_lb.this.subnets) == toset(var.public_subnet_ids)
    error_message = "the load balancer does not face the internet"
  }

  assert {
    condition     = aws_wafv2_web_acl_association.load_balancer[0].web_acl_arn == output.web_acl_arn && strcontains(output.web_acl_arn, ":regional/")
    error_message = "the load balancer has no firewall of its region"
  }

  assert {
    condition     = length(aws_cloudfront_distribution.this) + length(aws_cloudfront_vpc_origin.load_balancer) + length(aws_acm_certificate.global) + length(aws_kms_key.global_logs) == 0
    error_message = "there is something of CloudFront's"
  }

  assert {
    condition     = toset(keys(aws_route53_record.host)) == toset(["A"]) && aws_route53_record.host["A"].alias[0].name == aws_lb.this.dns_name
    error_message = "the host does not lead to the load balancer alone"
  }

  assert {
    condition     = output.production_url == "https://api.example.com" && output.test_url == "https://origin.api.example.com:8443"
    error_message = "the URLs are ${output.production_url} and ${output.test_url}"
  }
}

run "without_cloudfront_only_hooks_and_operators_reach_the_test_listener" {
  assert {
    condition = toset(concat(
      values(aws_vpc_security_group_ingress_rule.hooks_through_nat)[*].cidr_ipv4, values(aws_vpc_security_group_ingress_rule.operators)[*].cidr_ipv4,
    )) == toset(["203.0.113.1/32", "203.0.113.2/32", "198.51.100.0/24"])
    error_message = "others reach the test listener"
  }

  assert {
    condition     = alltrue([for rule in concat(values(aws_vpc_security_group_ingress_rule.hooks_through_nat), values(aws_vpc_security_group_ingress_rule.operators)) : rule.from_port == 8443 && rule.to_port == 8443])
    error_message = "hooks and operators get elsewhere than to the test listener"
  }

  assert {
    condition     = [for rule in concat(aws_vpc_security_group_ingress_rule.users, aws_vpc_security_group_ingress_rule.redirected_users) : rule.from_port == rule.to_port ? rule.from_port : -1] == [443, 80]
    error_message = "everybody gets to other ports than 443 and 80"
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.hooks) + length(aws_vpc_security_group_ingress_rule.cloudfront) == 0
    error_message = "rules of the other topology are there"
  }
}

run "without_cloudfront_plain_http_is_only_redirected_to_our_own_name" {
  assert {
    condition = (
      aws_lb_listener.redirect[0].port == 80
      && one(aws_lb_listener.redirect[0].default_action).type == "redirect"
      && one(one(aws_lb_listener.redirect[0].default_action).redirect).status_code == "HTTP_301"
      && one(one(aws_lb_listener.redirect[0].default_action).redirect).protocol == "HTTPS"
      && one(one(aws_lb_listener.redirect[0].default_action).redirect).host == "api.example.com"
    )
    error_message = "port 80 does something else than to redirect to https://api.example.com"
  }

  assert {
    condition     = alltrue([for listener in [aws_lb_listener.production, aws_lb_listener.test] : listener.protocol == "HTTPS" && startswith(listener.ssl_policy, "ELBSecurityPolicy-TLS13-1-2-")])
    error_message = "a listener takes less than TLS 1.2"
  }
}

run "both_listeners_know_both_slots_and_begin_with_blue" {
  assert {
    condition = alltrue([for listener in [aws_lb_listener.production, aws_lb_listener.test] : {
      for target in one(one(listener.default_action).forward).target_group : target.arn => target.weight
      } == {
      (aws_lb_target_group.slot["blue"].arn)  = 100
      (aws_lb_target_group.slot["green"].arn) = 0
    }])
    error_message = "a listener does not send everything to blue, or does not know green"
  }

  assert {
    condition     = { for slot, group in output.target_groups : slot => group.name } == { blue = "taproom-test-blue", green = "taproom-test-green" }
    error_message = "the target groups have other names"
  }

  assert {
    condition     = alltrue([for group in aws_lb_target_group.slot : group.health_check[0].path == "/readyz" && group.health_check[0].interval * group.health_check[0].unhealthy_threshold > 120])
    error_message = "tasks would be replaced while the database fails over"
  }
}

run "the_certificate_is_for_both_names" {
  assert {
    condition     = aws_acm_certificate.regional.domain_name == "api.example.com" && aws_acm_certificate.regional.subject_alternative_names == toset(["origin.api.example.com"])
    error_message = "a name is missing in the certificate"
  }

  assert {
    condition     = { for name, record in aws_route53_record.validation : name => record.name } == { "api.example.com" = "_1.api.example.com.", "origin.api.example.com" = "_2.origin.api.example.com." }
    error_message = "ACM is not answered for each name by its own record"
  }
}

run "everything_is_logged" {
  assert {
    condition     = aws_lb.this.access_logs[0].enabled && aws_lb.this.connection_logs[0].enabled && aws_lb.this.access_logs[0].bucket == "taproom-test-logs" && aws_lb.this.connection_logs[0].bucket == "taproom-test-logs"
    error_message = "the load balancer does not log"
  }
}

run "behind_cloudfront" {
  variables {
    cloudfront = true
  }

  assert {
    condition     = aws_lb.this.internal && toset(aws_lb.this.subnets) == toset(var.private_subnet_ids)
    error_message = "the load balancer faces the internet"
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].web_acl_id == output.web_acl_arn && strcontains(output.web_acl_arn, "us-east-1") && strcontains(output.web_acl_arn, ":global/")
    error_message = "CloudFront has no firewall of its own"
  }

  assert {
    condition     = length(aws_wafv2_web_acl_association.load_balancer) == 0 && length(aws_lb_listener.redirect) == 0
    error_message = "there is something of the other topology"
  }

  assert {
    condition     = strcontains(one(aws_cloudfront_distribution.this[0].viewer_certificate).acm_certificate_arn, ":us-east-1:")
    error_message = "CloudFront's certificate is not of us-east-1"
  }

  assert {
    condition     = one(aws_cloudfront_distribution.this[0].viewer_certificate).minimum_protocol_version == "TLSv1.2_2021" && aws_cloudfront_distribution.this[0].default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https"
    error_message = "CloudFront takes less than TLS 1.2"
  }

  assert {
    condition     = toset(keys(aws_route53_record.host)) == toset(["A", "AAAA"]) && alltrue([for record in aws_route53_record.host : record.alias[0].name == "d111111abcdef8.cloudfront.net"]) && aws_route53_record.origin.alias[0].name == aws_lb.this.dns_name
    error_message = "the host does not lead to CloudFront, or its origin not to the load balancer"
  }

  assert {
    condition     = contains(concat([aws_acm_certificate.regional.domain_name], tolist(aws_acm_certificate.regional.subject_alternative_names)), one(aws_cloudfront_distribution.this[0].origin).domain_name)
    error_message = "CloudFront expects a certificate that the load balancer does not have"
  }

  assert {
    condition     = one(aws_cloudfront_vpc_origin.load_balancer[0].vpc_origin_endpoint_config).origin_protocol_policy == "https-only" && one(aws_cloudfront_vpc_origin.load_balancer[0].vpc_origin_endpoint_config).arn == aws_lb.this.arn
    error_message = "CloudFront does not reach the load balancer by HTTPS"
  }

  assert {
    condition     = one(one(aws_cloudfront_distribution.this[0].origin).vpc_origin_config).origin_keepalive_timeout < aws_lb.this.idle_timeout
    error_message = "the load balancer would close a connection that CloudFront sends on"
  }
}

run "behind_cloudfront_nobody_comes_from_the_internet" {
  variables {
    cloudfront = true
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.users) + length(aws_vpc_security_group_ingress_rule.redirected_users) + length(aws_vpc_security_group_ingress_rule.hooks_through_nat) == 0
    error_message = "rules of the other topology are there"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.cloudfront[0].prefix_list_id == "pl-0123456789abcdef0" && aws_vpc_security_group_ingress_rule.cloudfront[0].from_port == 443 && aws_vpc_security_group_ingress_rule.cloudfront[0].to_port == 443
    error_message = "CloudFront does not reach port 443 alone"
  }

  assert {
    condition     = tomap({ for name, rule in aws_vpc_security_group_ingress_rule.hooks : name => rule.referenced_security_group_id }) == var.test_client_security_group_ids && alltrue([for rule in aws_vpc_security_group_ingress_rule.hooks : rule.from_port == 8443 && rule.to_port == 8443])
    error_message = "the hooks do not reach the test listener alone"
  }
}

run "cloudfront_caches_as_the_service_says" {
  variables {
    cloudfront = true
  }

  assert {
    condition     = aws_cloudfront_cache_policy.this[0].min_ttl == 0 && aws_cloudfront_cache_policy.this[0].default_ttl == 0 && aws_cloudfront_cache_policy.this[0].max_ttl == 31536000
    error_message = "something is kept that the service did not say to keep, or for another time"
  }

  # What api/src/http sends as Vary (but Accept-Encoding, which has a switch), and what its refusals depend on.
  assert {
    condition = toset(one(one(one(aws_cloudfront_cache_policy.this[0].parameters_in_cache_key_and_forwarded_to_origin).headers_config).headers).items) == toset([
      "accept", "authorization", "origin", "apollo-require-preflight", "graphql-require-preflight", "x-apollo-operation-name", "content-type", "graphql-cost",
    ])
    error_message = "an answer could be given to somebody for whom it was not meant"
  }

  assert {
    condition     = one(one(aws_cloudfront_cache_policy.this[0].parameters_in_cache_key_and_forwarded_to_origin).query_strings_config).query_string_behavior == "all" && one(aws_cloudfront_origin_request_policy.this[0].headers_config).header_behavior == "allViewer"
    error_message = "the service does not get what clients send"
  }

  assert {
    condition     = toset([for response in aws_cloudfront_distribution.this[0].custom_error_response : response.error_code if response.error_caching_min_ttl == 0]) == toset([400, 403, 404, 405, 414, 500, 501, 502, 503, 504])
    error_message = "errors are kept"
  }

  assert {
    condition     = !aws_cloudfront_distribution.this[0].default_cache_behavior[0].compress
    error_message = "CloudFront compresses what the service does not"
  }
}

run "the_log_of_cloudfronts_firewall_has_a_key_for_that_log_alone" {
  variables {
    cloudfront = true
  }

  assert {
    condition     = data.aws_iam_policy_document.global_logs_key[0].statement[1].principals == toset([{ type = "Service", identifiers = toset(["logs.us-east-1.amazonaws.com"]) }])
    error_message = "the key is not for the log group's region"
  }

  assert {
    condition     = one(data.aws_iam_policy_document.global_logs_key[0].statement[1].condition).values == tolist(["arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-taproom-test"])
    error_message = "the key is for other log groups, too"
  }
}
