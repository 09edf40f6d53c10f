output "load_balancer" {
  description = "The load balancer: its ARN, the end of that by which CloudWatch knows it, its name in DNS, and its security group, which lets nothing out: whoever makes tasks adds the way to them."
  value = {
    arn               = aws_lb.this.arn
    arn_suffix        = aws_lb.this.arn_suffix
    dns_name          = aws_lb.this.dns_name
    security_group_id = aws_security_group.load_balancer.id
  }
}

output "production_listener_arn" {
  description = "ARN of the listener that users come to."
  value       = aws_lb_listener.production.arn
}

output "test_listener_arn" {
  description = "ARN of the listener on which a candidate is judged."
  value       = aws_lb_listener.test.arn
}

output "target_groups" {
  description = "The two target groups, `blue` and `green`: ARN, name, and the end of the ARN by which CloudWatch knows each."
  value = {
    for slot, group in aws_lb_target_group.slot : slot => {
      arn        = group.arn
      name       = group.name
      arn_suffix = group.arn_suffix
    }
  }
}

output "production_url" {
  description = "Where users are."
  value       = "https://${var.host}"
}

output "test_url" {
  description = "Where a candidate is, for the hooks and operators."
  value       = "https://${local.origin_host}:${var.test_port}"
}

output "web_acl_arn" {
  description = "ARN of the firewall's web ACL, the load balancer's or CloudFront's."
  value       = one(concat(module.regional_firewall[*].arn, module.global_firewall[*].arn))
}

output "cloudfront_networks" {
  description = "CIDRs from which CloudFront comes, whose `X-Forwarded-For` is to be believed; empty without CloudFront."
  value       = flatten([for list in data.aws_ec2_managed_prefix_list.cloudfront : [for entry in list.entries : entry.cidr]])
}
