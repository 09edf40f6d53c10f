locals {
  # The first tasks are in blue. As CodeDeploy leaves it: ECS takes only target groups that some listener knows, and a release finds the idle slot by its weight of 0.
  first_weights = { blue = 100, green = 0 }
}

resource "aws_lb_listener" "production" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.ssl_policy
  certificate_arn   = aws_acm_certificate_validation.regional.certificate_arn

  default_action {
    type = "forward"

    forward {
      dynamic "target_group" {
        for_each = local.first_weights

        content {
          arn    = aws_lb_target_group.slot[target_group.key].arn
          weight = target_group.value
        }
      }
    }
  }

  # It is CodeDeploy's from the first release on: to put it back would send users to tasks that are gone.
  lifecycle {
    ignore_changes = [default_action]
  }
}

# Sends to a candidate while one is judged, and otherwise to where users are.
resource "aws_lb_listener" "test" {
  load_balancer_arn = aws_lb.this.arn
  port              = var.test_port
  protocol          = "HTTPS"
  ssl_policy        = var.ssl_policy
  certificate_arn   = aws_acm_certificate_validation.regional.certificate_arn

  default_action {
    type = "forward"

    forward {
      dynamic "target_group" {
        for_each = local.first_weights

        content {
          arn    = aws_lb_target_group.slot[target_group.key].arn
          weight = target_group.value
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [default_action]
  }
}

# Behind CloudFront there is none: CloudFront redirects.
resource "aws_lb_listener" "redirect" {
  count = var.cloudfront ? 0 : 1

  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    # To our own name, whatever `Host` says.
    redirect {
      host        = var.host
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
