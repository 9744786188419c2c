# Three queues, each with a dead-letter queue.

locals {
  # visibility_seconds: longer than a worker needs for one message, or another one begins it again.
  # late_seconds: age of the oldest message that is an alarm.
  queues = {
    chunking     = { visibility_seconds = 900, late_seconds = 3600 }
    video-worker = { visibility_seconds = 1800, late_seconds = 7200 }
    reassembly   = { visibility_seconds = 600, late_seconds = 3600 }
  }

  # S3 writes to these by itself (s3_events.tf).
  queues_from_s3 = toset(["chunking", "video-worker"])
}

resource "aws_sqs_queue" "dead" {
  for_each = local.queues

  name                      = "${var.name}-${each.key}-dlq"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "work" {
  for_each = local.queues

  name                       = "${var.name}-${each.key}"
  visibility_timeout_seconds = each.value.visibility_seconds
  message_retention_seconds  = 1209600
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead[each.key].arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  for_each = local.queues

  queue_url = aws_sqs_queue.dead[each.key].id
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.work[each.key].arn]
  })
}

# Both conditions: the ARN of a bucket names no account, so a bucket of that name in another account would do.
resource "aws_sqs_queue_policy" "from_s3" {
  for_each = local.queues_from_s3

  queue_url = aws_sqs_queue.work[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "EventsOfTheInputBucket"
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.work[each.key].arn
      Condition = {
        ArnEquals    = { "aws:SourceArn" = aws_s3_bucket.media["input"].arn }
        StringEquals = { "aws:SourceAccount" = local.account }
      }
    }]
  })
}
