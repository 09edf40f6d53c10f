mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name        = "taproom"
  key         = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  keep_images = 50
}

run "images_stay_what_they_were" {
  command = plan

  assert {
    condition     = aws_ecr_repository.this.image_tag_mutability == "IMMUTABLE"
    error_message = "A tag could be moved to another image."
  }

  assert {
    condition     = aws_ecr_repository.this.image_scanning_configuration[0].scan_on_push
    error_message = "Images are not scanned."
  }

  assert {
    condition     = aws_ecr_repository.this.encryption_configuration[0].encryption_type == "KMS"
    error_message = "Images are not encrypted with the key."
  }

  assert {
    condition     = !aws_ecr_repository.this.force_delete
    error_message = "Destroying the repository would delete images without being asked to."
  }
}

run "old_images_expire" {
  command = plan

  assert {
    condition = [
      for rule in jsondecode(aws_ecr_lifecycle_policy.this.policy).rules :
      { status = rule.selection.tagStatus, count = rule.selection.countNumber }
    ] == [{ status = "untagged", count = 7 }, { status = "tagged", count = 50 }]
    error_message = "Other images expire than were to."
  }

  # `any` would count what a failed build left among the releases that are kept.
  assert {
    condition     = alltrue([for rule in jsondecode(aws_ecr_lifecycle_policy.this.policy).rules : rule.selection.tagStatus != "any"])
    error_message = "Images without a tag push releases out."
  }
}

run "a_name_with_capitals_is_refused" {
  command = plan

  variables {
    name = "Taproom"
  }

  expect_failures = [var.name]
}

run "an_alias_is_no_key" {
  command = plan

  variables {
    key = "alias/taproom"
  }

  expect_failures = [var.key]
}

run "too_few_images_are_refused" {
  command = plan

  variables {
    keep_images = 1
  }

  expect_failures = [var.keep_images]
}

run "untagged_images_need_a_day" {
  command = plan

  variables {
    untagged_days = 0
  }

  expect_failures = [var.untagged_days]
}
