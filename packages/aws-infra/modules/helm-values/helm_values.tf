# The one file by which Terraform tells the chart what it made. yamlencode quotes what YAML would read as something else than a
# text: a bucket named `on`, a table named `1e3`.

locals {
  required = {
    global = {
      awsRegion = var.region
    }
    aws = {
      inputBucketName              = var.buckets.input
      outputBucketName             = var.buckets.output
      jobsTableName                = var.tables.jobs
      segmentCompletionsTableName  = var.tables.segment_completions
      reassemblyTriggeredTableName = var.tables.reassembly_triggered
    }
    queues = {
      chunking    = var.queue_urls.chunking
      videoWorker = var.queue_urls.video_worker
      reassembly  = var.queue_urls.reassembly
    }
  }

  images = var.images == null ? {} : {
    images = {
      webUi       = var.images.web_ui
      mediaWorker = var.images.media_worker
      videoWorker = var.images.video_worker
    }
  }

  service_accounts = var.role_arns == null ? {} : {
    serviceAccounts = {
      webUi       = { roleArn = var.role_arns.web_ui }
      mediaWorker = { roleArn = var.role_arns.media_worker }
      videoWorker = { roleArn = var.role_arns.video_worker }
    }
  }
}

resource "local_file" "helm_values" {
  filename        = var.path
  file_permission = "0644"
  content = join("", [
    "# Written by packages/aws-infra on `terraform apply`. Changes made here are lost.\n",
    yamlencode(merge(local.required, local.images, local.service_accounts)),
  ])
}
