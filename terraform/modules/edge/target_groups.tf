resource "aws_lb_target_group" "slot" {
  #checkov:skip=CKV_AWS_378:TLS ends at the load balancer; tasks take requests from nobody else, within the VPC
  for_each = toset(["blue", "green"])

  name        = "${var.name}-${each.key}"
  vpc_id      = var.vpc_id
  target_type = "ip"
  protocol    = "HTTP"
  port        = var.container_port

  deregistration_delay = var.deregistration_delay
  # One operation may cost a thousand times as much as another: by turns, a task that is busy would get as many as the others.
  load_balancing_algorithm_type = "least_outstanding_requests"

  # ECS replaces tasks that this finds unhealthy, and without their database all are. 150 s outlast a failover, which takes one to two minutes
  # (docs/architecture.md).
  health_check {
    path                = "/readyz"
    matcher             = "200"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 10
  }
}
