# One resource for both: a bucket has a single notification configuration, and a second one would replace the first.

resource "aws_s3_bucket_notification" "input" {
  bucket = aws_s3_bucket.media["input"].id

  queue {
    id            = "upload-to-chunking"
    queue_arn     = aws_sqs_queue.work["chunking"].arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = "input/"
    filter_suffix = ".mp4"
  }

  queue {
    id            = "segment-to-video-worker"
    queue_arn     = aws_sqs_queue.work["video-worker"].arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = "segments/"
    filter_suffix = ".mp4"
  }

  # S3 sends a test event at once and refuses the configuration when it may not.
  depends_on = [aws_sqs_queue_policy.from_s3]
}
