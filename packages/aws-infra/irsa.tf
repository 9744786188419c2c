# What each workload may do, and nothing else. A pod gets its role by its service account: the cluster signs a token, and IAM takes
# it where subject and audience are those below.

locals {
  input  = aws_s3_bucket.media["input"].arn
  output = aws_s3_bucket.media["output"].arn

  # What a worker does with a queue that it reads.
  read_queue = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]

  statements = {
    # The URL that it signs is worth what its role may do: the upload's right is this role's.
    web-ui = [
      { Sid = "SignUploads", Action = ["s3:PutObject"], Resource = ["${local.input}/input/*/source.mp4"] },
      { Sid = "SignPlayback", Action = ["s3:GetObject"], Resource = ["${local.output}/jobs/*/final.mp4"] },
      {
        Sid      = "Jobs"
        Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
        Resource = [aws_dynamodb_table.jobs.arn, "${aws_dynamodb_table.jobs.arn}/index/status-completed_at"]
      },
      { Sid = "Progress", Action = ["dynamodb:Query"], Resource = [aws_dynamodb_table.segment_completions.arn] },
    ]

    media-worker = [
      { Sid = "ReadUploads", Action = ["s3:GetObject"], Resource = ["${local.input}/input/*"] },
      { Sid = "WritePieces", Action = ["s3:PutObject", "s3:AbortMultipartUpload"], Resource = ["${local.input}/segments/*"] },
      { Sid = "ReadConvertedPieces", Action = ["s3:GetObject"], Resource = ["${local.output}/jobs/*/segments/*"] },
      {
        Sid      = "WriteVideos"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
        Resource = ["${local.output}/jobs/*/final.mp4"]
      },
      # Without it S3 answers "forbidden" where there is no object, and a worker cannot tell the one from the other.
      { Sid = "TellMissingFromForbidden", Action = ["s3:ListBucket"], Resource = [local.input, local.output] },
      { Sid = "Jobs", Action = ["dynamodb:GetItem", "dynamodb:UpdateItem"], Resource = [aws_dynamodb_table.jobs.arn] },
      { Sid = "Pieces", Action = ["dynamodb:Query"], Resource = [aws_dynamodb_table.segment_completions.arn] },
      {
        Sid      = "TriggerOnce"
        Action   = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.reassembly_triggered.arn]
      },
      {
        Sid      = "Work"
        Action   = local.read_queue
        Resource = [aws_sqs_queue.work["chunking"].arn, aws_sqs_queue.work["reassembly"].arn]
      },
      { Sid = "AskForReassembly", Action = ["sqs:SendMessage"], Resource = [aws_sqs_queue.work["reassembly"].arn] },
    ]

    video-worker = [
      { Sid = "ReadPieces", Action = ["s3:GetObject"], Resource = ["${local.input}/segments/*"] },
      # Without the second, S3 refuses an object that comes with a tag.
      {
        Sid      = "WriteConvertedPieces"
        Action   = ["s3:PutObject", "s3:PutObjectTagging", "s3:AbortMultipartUpload"]
        Resource = ["${local.output}/jobs/*/segments/*"]
      },
      {
        Sid      = "Pieces"
        Action   = ["dynamodb:PutItem", "dynamodb:Query"]
        Resource = [aws_dynamodb_table.segment_completions.arn]
      },
      { Sid = "Jobs", Action = ["dynamodb:GetItem"], Resource = [aws_dynamodb_table.jobs.arn] },
      {
        Sid      = "TriggerOnce"
        Action   = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [aws_dynamodb_table.reassembly_triggered.arn]
      },
      { Sid = "Work", Action = local.read_queue, Resource = [aws_sqs_queue.work["video-worker"].arn] },
      { Sid = "AskForReassembly", Action = ["sqs:SendMessage"], Resource = [aws_sqs_queue.work["reassembly"].arn] },
    ]

    # The operator looks at how long the queues are (keda.auth.identityOwner: keda, the chart's default).
    keda = [
      {
        Sid    = "QueueLengths"
        Action = ["sqs:GetQueueAttributes"]
        Resource = [
          aws_sqs_queue.work["chunking"].arn,
          aws_sqs_queue.work["video-worker"].arn,
          aws_sqs_queue.work["reassembly"].arn,
        ]
      },
    ]

    karpenter     = local.karpenter_statements
    load-balancer = local.load_balancer_statements
  }

  issuer = trimprefix(aws_iam_openid_connect_provider.cluster.url, "https://")
}

resource "aws_iam_role" "service_account" {
  for_each = local.service_accounts

  name = "${var.name}-${each.key}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.cluster.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "${local.issuer}:sub" = "system:serviceaccount:${each.value.namespace}:${each.value.name}"
          "${local.issuer}:aud" = "sts.amazonaws.com"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "service_account" {
  for_each = local.service_accounts

  name = each.key
  role = aws_iam_role.service_account[each.key].id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for statement in local.statements[each.key] : merge({ Effect = "Allow" }, statement)]
  })
}
