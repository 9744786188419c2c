# input: uploads (input/<job>/source.mp4) and their pieces (segments/…). output: converted pieces and finished videos (jobs/<job>/…).

locals {
  # A browser puts into the one and gets from the other.
  bucket_methods = {
    input  = ["PUT"]
    output = ["GET", "HEAD"]
  }
}

resource "aws_s3_bucket" "media" {
  #checkov:skip=CKV_AWS_18:access logs would cost more than the videos; CloudTrail data events are the account's choice
  #checkov:skip=CKV_AWS_21:objects are written once under a name of their own and deleted within days; versions would only keep them
  #checkov:skip=CKV_AWS_144:what is in here can be made again from the upload
  #checkov:skip=CKV_AWS_145:SSE-S3; a key of our own would have to be opened to S3's notifications and each role for no gain in who can read
  #checkov:skip=CKV2_AWS_6:aws_s3_bucket_public_access_block.media has both; the scanner follows one key of a for_each
  #checkov:skip=CKV2_AWS_62:the input bucket's are in s3_events.tf; nobody waits for what is in the other
  for_each = local.bucket_methods

  bucket        = "${var.name}-${each.key}-${local.account}"
  force_destroy = !var.deletion_protection
}

resource "aws_s3_bucket_public_access_block" "media" {
  for_each = aws_s3_bucket.media

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "media" {
  for_each = aws_s3_bucket.media

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "media" {
  for_each = aws_s3_bucket.media

  bucket = each.value.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "media" {
  for_each = aws_s3_bucket.media

  bucket = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyEncryptedTransport"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [each.value.arn, "${each.value.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.media]
}

resource "aws_s3_bucket_cors_configuration" "media" {
  for_each = aws_s3_bucket.media

  bucket = each.value.id

  cors_rule {
    allowed_headers = ["content-type"]
    allowed_methods = local.bucket_methods[each.key]
    allowed_origins = var.upload_origins
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "input" {
  bucket = aws_s3_bucket.media["input"].id

  rule {
    id     = "abandoned-uploads"
    status = "Enabled"
    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  rule {
    id     = "sources"
    status = "Enabled"

    filter {
      prefix = "input/"
    }

    expiration {
      days = var.source_days
    }
  }

  rule {
    id     = "pieces"
    status = "Enabled"

    filter {
      prefix = "segments/"
    }

    expiration {
      days = var.source_days
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "output" {
  bucket = aws_s3_bucket.media["output"].id

  rule {
    id     = "abandoned-uploads"
    status = "Enabled"
    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  # video-worker puts this tag on each converted piece; finished videos have none and stay.
  rule {
    id     = "expire-segments"
    status = "Enabled"

    filter {
      tag {
        key   = "stereo-spot-lifecycle"
        value = "expire-segments"
      }
    }

    expiration {
      days = 1
    }
  }
}
