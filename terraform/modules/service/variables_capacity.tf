variable "cpu" {
  description = "CPU units of a task; 1024 are one processor."
  type        = number

  validation {
    condition     = contains(keys(local.fargate_memory), tostring(var.cpu))
    error_message = "cpu is ${var.cpu}, which Fargate does not have. Set one of ${join(", ", [for cpu in sort([for cpu in keys(local.fargate_memory) : format("%05d", cpu)]) : tonumber(cpu)])}."
  }
}

variable "memory" {
  description = "Memory of a task in MiB, of which the collector has 256."
  type        = number

  validation {
    condition     = contains(lookup(local.fargate_memory, tostring(var.cpu), []), var.memory)
    error_message = "memory is ${var.memory} MiB, which Fargate does not have with ${var.cpu} CPU units. Set one of ${join(", ", lookup(local.fargate_memory, tostring(var.cpu), []))}."
  }
}

variable "capacity" {
  description = "How many tasks run: from `min` to `max`, so that they use `cpu_target` and `memory_target` per cent on average. `schedules` change `min` and `max` by the clock: `cron` of Application Auto Scaling (six fields, without the word), `timezone` (IANA). Below `max` of the whole they stay, for which the database has connections."
  type = object({
    min           = number
    max           = number
    cpu_target    = optional(number, 60)
    memory_target = optional(number, 70)
    schedules = optional(map(object({
      cron     = string
      timezone = optional(string, "UTC")
      min      = number
      max      = number
    })), {})
  })

  validation {
    condition     = var.capacity.min >= 1 && var.capacity.min <= var.capacity.max
    error_message = "capacity is from ${var.capacity.min} to ${var.capacity.max} tasks. Set a min of 1 at least, and a max that is not less."
  }

  validation {
    condition     = alltrue([for target in [var.capacity.cpu_target, var.capacity.memory_target] : target >= 10 && target <= 90])
    error_message = "capacity.cpu_target is ${var.capacity.cpu_target} and memory_target ${var.capacity.memory_target}. Set from 10 to 90 per cent: above, there is nothing left until more tasks run."
  }

  validation {
    condition     = alltrue([for schedule in values(var.capacity.schedules) : schedule.min >= 1 && schedule.min <= schedule.max && schedule.max <= var.capacity.max])
    error_message = "capacity.schedules is ${jsonencode({ for name, schedule in var.capacity.schedules : name => "${schedule.min} to ${schedule.max}" })}. Set a min of 1 at least, a max that is not less, and none above capacity.max, ${var.capacity.max}, for which the database has connections."
  }

  validation {
    condition     = alltrue([for schedule in values(var.capacity.schedules) : can(regex("^[^() ]+( [^() ]+){5}$", schedule.cron))])
    error_message = "capacity.schedules has the crons ${jsonencode({ for name, schedule in var.capacity.schedules : name => schedule.cron })}. Set six fields each, minutes to year, such as \"0 7 ? * MON-FRI *\"."
  }

  validation {
    condition     = length(var.capacity.schedules) != 1
    error_message = "capacity.schedules has one schedule, ${jsonencode(keys(var.capacity.schedules))}: nothing would ever take it back. Set a second one that does."
  }
}

variable "spot" {
  description = "Share of Fargate Spot: the first `base` tasks are on demand, the others as `on_demand_weight` to `spot_weight`. Null: none."
  type = object({
    base             = number
    on_demand_weight = number
    spot_weight      = number
  })
  default = null

  validation {
    condition     = var.spot == null ? true : var.spot.base >= 1 && var.spot.base <= var.capacity.min
    error_message = "spot is ${jsonencode(var.spot)}. Set a base from 1, so that not all tasks can be taken away at once, to capacity.min, ${var.capacity.min}."
  }

  validation {
    condition     = var.spot == null ? true : var.spot.on_demand_weight >= 0 && var.spot.on_demand_weight <= 1000 && var.spot.spot_weight >= 1 && var.spot.spot_weight <= 1000
    error_message = "spot is ${jsonencode(var.spot)}. Set on_demand_weight from 0 and spot_weight from 1, to 1000 at most; or spot to null."
  }
}

locals {
  # What Fargate has, for Linux: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
  fargate_memory = {
    "256"   = [512, 1024, 2048]
    "512"   = range(1024, 4096 + 1, 1024)
    "1024"  = range(2048, 8192 + 1, 1024)
    "2048"  = range(4096, 16384 + 1, 1024)
    "4096"  = range(8192, 30720 + 1, 1024)
    "8192"  = range(16384, 61440 + 1, 4096)
    "16384" = range(32768, 122880 + 1, 8192)
  }

  # PostgreSQL's and RDS' own (5), a migration's and the roles' function, and people who look what is wrong.
  other_connections = 20
}
