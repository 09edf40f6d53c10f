locals {
  # What is the same in all definitions, so that it is known when planning.
  template = yamldecode(file("${local.codedeploy}/taskdef.yaml"))

  first = merge(local.values, {
    image            = var.image
    commit           = var.commit
    slot             = "blue"
    deployment       = "terraform"
    breaking_changes = "refused"
  })

  # As codedeploy/README.md says; codedeploy/render makes the same of it for a release.
  definition = yamldecode(templatefile("${local.codedeploy}/taskdef.yaml", { for name, value in local.first : name => jsonencode(value) }))
  containers = [for container in local.definition.containerDefinitions : merge(container, {
    environment = [for entry in container.environment : entry if entry.value != null]
  })]
}

# The service needs a definition to begin with. All others are releases', registered by the pipeline.
resource "aws_ecs_task_definition" "first" {
  #checkov:skip=CKV_AWS_249:They are two roles. Both are read from the rendered definition, into which checkov does not see.
  # Not of the rendered text: one value that is not known yet would make all of it unknown, and the plan replace the definition.
  family                   = local.values.family
  requires_compatibilities = local.template.requiresCompatibilities
  network_mode             = local.template.networkMode
  cpu                      = local.definition.cpu
  memory                   = local.definition.memory
  execution_role_arn       = local.definition.executionRoleArn
  task_role_arn            = local.definition.taskRoleArn
  container_definitions    = jsonencode(local.containers)

  runtime_platform {
    operating_system_family = local.definition.runtimePlatform.operatingSystemFamily
    cpu_architecture        = local.definition.runtimePlatform.cpuArchitecture
  }

  lifecycle {
    create_before_destroy = true

    # Registered once. A new revision would be run by nobody, and replacing means deregistering what tasks may be running of (README.md).
    ignore_changes = [container_definitions, cpu, memory, execution_role_arn, task_role_arn, runtime_platform]
  }
}
