# packages/helm/values-from-terraform.yaml: the names below, and nothing that changes without them.

locals {
  values_file = coalesce(var.values_file, "${path.module}/../helm/values-from-terraform.yaml")
}

module "helm_values" {
  source = "./modules/helm-values"

  path   = local.values_file
  region = var.region

  buckets = {
    input  = aws_s3_bucket.media["input"].bucket
    output = aws_s3_bucket.media["output"].bucket
  }

  tables = {
    jobs                 = aws_dynamodb_table.jobs.name
    segment_completions  = aws_dynamodb_table.segment_completions.name
    reassembly_triggered = aws_dynamodb_table.reassembly_triggered.name
  }

  queue_urls = {
    chunking     = aws_sqs_queue.work["chunking"].url
    video_worker = aws_sqs_queue.work["video-worker"].url
    reassembly   = aws_sqs_queue.work["reassembly"].url
  }

  images = {
    web_ui       = aws_ecr_repository.image["web-ui"].repository_url
    media_worker = aws_ecr_repository.image["media-worker"].repository_url
    video_worker = aws_ecr_repository.image["video-worker"].repository_url
  }

  role_arns = {
    web_ui       = aws_iam_role.service_account["web-ui"].arn
    media_worker = aws_iam_role.service_account["media-worker"].arn
    video_worker = aws_iam_role.service_account["video-worker"].arn
  }
}

# Warnings after an apply, not errors: what was made is there, and says so.

check "names_begin_alike" {
  assert {
    condition = alltrue(concat(
      [for bucket in aws_s3_bucket.media : startswith(bucket.bucket, "${var.name}-")],
      [for queue in aws_sqs_queue.work : startswith(queue.name, "${var.name}-")],
      [for repository in aws_ecr_repository.image : startswith(repository.name, "${var.name}-")],
      [for table in [aws_dynamodb_table.jobs, aws_dynamodb_table.segment_completions, aws_dynamodb_table.reassembly_triggered] : startswith(table.name, "${var.name}-")],
    ))
    error_message = "A bucket, queue, repository or table does not begin with ${var.name}-."
  }
}

check "queues_are_of_this_account" {
  assert {
    condition     = alltrue([for queue in aws_sqs_queue.work : endswith(queue.url, "/${local.account}/${queue.name}")])
    error_message = "A queue's URL is not …/${local.account}/<name>: KEDA reads account and name from it."
  }
}

check "repositories_have_no_tag" {
  assert {
    condition     = alltrue([for repository in aws_ecr_repository.image : !can(regex(":[^/]*$", repository.repository_url))])
    error_message = "A repository's URL ends with a tag; the chart adds image.tag itself."
  }
}

check "application_reads_the_file" {
  assert {
    condition     = contains(local.application.spec.source.helm.valueFiles, basename(local.values_file))
    error_message = "packages/helm/argo-application.yaml does not read ${basename(local.values_file)}."
  }
}

check "application_is_of_your_repository" {
  assert {
    condition     = !strcontains(local.application_source.repoURL, "YOUR_ORG")
    error_message = "Set repository_url, or spec.source.repoURL in packages/helm/argo-application.yaml: Argo CD has nothing to read."
  }
}
