# `terraform test`: the whole configuration, planned and applied with AWS and Helm made up, so no account and no cluster is touched.
# Only the file of names is really written, into .terraform, and removed again.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_availability_zones" {
    defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c", "eu-central-1d"] }
  }

  # What AWS makes up, in the form in which AWS does: other resources take these names and look at them.
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/made-up" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/made-up" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::made-up" }
  }

  mock_resource "aws_vpc" {
    defaults = { arn = "arn:aws:ec2:eu-central-1:123456789012:vpc/made-up" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:eu-central-1:123456789012:made-up"
      url = "https://sqs.eu-central-1.amazonaws.com/123456789012/made-up"
    }
  }

  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:eu-central-1:123456789012:rule/made-up" }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/made-up" }
  }

  mock_resource "aws_eks_cluster" {
    defaults = {
      arn                   = "arn:aws:eks:eu-central-1:123456789012:cluster/made-up"
      endpoint              = "https://made-up.eks.amazonaws.com"
      certificate_authority = [{ data = "bWFkZSB1cA==" }]
      identity              = [{ oidc = [{ issuer = "https://oidc.eks.eu-central-1.amazonaws.com/id/MADEUP" }] }]
    }
  }
}

mock_provider "helm" {}

override_resource {
  target = aws_s3_bucket.media["input"]
  values = {
    id  = "stereo-spot-input-123456789012"
    arn = "arn:aws:s3:::stereo-spot-input-123456789012"
  }
}

override_resource {
  target = aws_s3_bucket.media["output"]
  values = {
    id  = "stereo-spot-output-123456789012"
    arn = "arn:aws:s3:::stereo-spot-output-123456789012"
  }
}

override_resource {
  target = aws_sqs_queue.dead["chunking"]
  values = {
    id  = "https://sqs.eu-central-1.amazonaws.com/123456789012/stereo-spot-chunking-dlq"
    url = "https://sqs.eu-central-1.amazonaws.com/123456789012/stereo-spot-chunking-dlq"
    arn = "arn:aws:sqs:eu-central-1:123456789012:stereo-spot-chunking-dlq"
  }
}

override_resource {
  target = aws_sqs_queue.work["chunking"]
  values = {
    id  = "https://sqs.eu-central-1.amazonaws.com/123456789012/stereo-spot-chunking"
    url = "https://sqs.eu-central-1.amazonaws.com/123456789012/stereo-spot-chunking"
    arn = "arn:aws:sqs:eu-central-1:123456789012:stereo-spot-chunking"
  }
}

override_resource {
  target = aws_sqs_queue.dead["video-worker"]
  values = {
    id  = "https://sqs.eu-central-1.amazonaws.com/123456789012/stereo-spot-video-worker-dlq"
    url = "https://sqs.eu-central-1.amazonaws.com/123456789012/stereo-spot-video-worker-dlq"
    arn = "arn:aws:sqs:eu-central-1:123456789012:stereo-spot-video-worker-dlq"
  }
}

override_resource {
  target = aws_sqs_queue.work["video-worker"]
  values = {
    id  = "https://sqs.eu-central-1.amazonaws.com/123456789012/stereo-spot-video-worker"
    url = "https://sqs.eu-central-1.amazonaws.com/123456789012/stereo-spot-video-worker"
    arn = "arn:aws:sqs:eu-central-1:123456789012:stereo-spot-video-worker"
  }
}

override_resource {
  target = aws_sqs_queue.dead["reassembly"]
  values = {
    id  = "https://sqs.eu-central-1.amazonaws.com/123456789012/stereo-spot-reassembly-dlq"
    url = "https://sqs.eu-central-1.amazonaws.com/123456789012/stereo-spot-reassembly-dlq"
    arn = "arn:aws:sqs:eu-central-1:123456789012:stereo-spot-reassembly-dlq"
  }
}

override_resource {
  target = aws_sqs_queue.work["reassembly"]
  values = {
    id  = "https://sqs.eu-central-1.amazonaws.com/123456789012/stereo-spot-reassembly"
    url = "https://sqs.eu-central-1.amazonaws.com/123456789012/stereo-spot-reassembly"
    arn = "arn:aws:sqs:eu-central-1:123456789012:stereo-spot-reassembly"
  }
}

override_resource {
  target = aws_ecr_repository.image["web-ui"]
  values = {
    repository_url = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/stereo-spot-web-ui"
  }
}

override_resource {
  target = aws_iam_role.service_account["web-ui"]
  values = {
    arn = "arn:aws:iam::123456789012:role/stereo-spot-web-ui"
  }
}

override_resource {
  target = aws_ecr_repository.image["media-worker"]
  values = {
    repository_url = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/stereo-spot-media-worker"
  }
}

override_resource {
  target = aws_iam_role.service_account["media-worker"]
  values = {
    arn = "arn:aws:iam::123456789012:role/stereo-spot-media-worker"
  }
}

override_resource {
  target = aws_ecr_repository.image["video-worker"]
  values = {
    repository_url = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/stereo-spot-video-worker"
  }
}

override_resource {
  target = aws_iam_role.service_account["video-worker"]
  values = {
    arn = "arn:aws:iam::123456789012:role/stereo-spot-video-worker"
  }
}

override_resource {
  target = aws_dynamodb_table.jobs
  values = {
    arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/stereo-spot-jobs"
  }
}

override_resource {
  target = aws_dynamodb_table.segment_completions
  values = {
    arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/stereo-spot-segment-completions"
  }
}

override_resource {
  target = aws_dynamodb_table.reassembly_triggered
  values = {
    arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/stereo-spot-reassembly-triggered"
  }
}

variables {
  region         = "eu-central-1"
  upload_origins = ["https://stereo.example.org"]
  repository_url = "https://git.example.org/stereo-spot.git"
  values_file    = ".terraform/tests/values-from-terraform.yaml"
}

# The file that the chart reads is the one that packages/helm shows as its example.
run "names_reach_the_chart" {
  assert {
    condition     = yamldecode(file(var.values_file)) == yamldecode(file("../helm/values-from-terraform.example.yaml"))
    error_message = "The file is not as packages/helm/values-from-terraform.example.yaml shows it."
  }

  assert {
    condition = output.role_arns["web-ui"] == "arn:aws:iam::123456789012:role/stereo-spot-web-ui" && toset(keys(output.role_arns)) == toset([
      "web-ui", "media-worker", "video-worker", "keda", "karpenter", "load-balancer",
    ])
    error_message = "role_arns has other roles."
  }
}

run "events_and_dead_letters" {
  assert {
    condition = alltrue([
      for name, queue in aws_sqs_queue.work : jsondecode(queue.redrive_policy) == {
        deadLetterTargetArn = aws_sqs_queue.dead[name].arn
        maxReceiveCount     = 5
      }
    ])
    error_message = "A queue does not pass on to its dead-letter queue after five tries."
  }

  assert {
    condition = { for queue in aws_s3_bucket_notification.input.queue : queue.filter_prefix => queue.queue_arn } == {
      "input/"    = aws_sqs_queue.work["chunking"].arn
      "segments/" = aws_sqs_queue.work["video-worker"].arn
    }
    error_message = "Uploads or pieces go to another queue."
  }

  assert {
    condition = alltrue([
      for name, policy in aws_sqs_queue_policy.from_s3 : jsondecode(policy.policy).Statement[0].Condition == {
        ArnEquals    = { "aws:SourceArn" = "arn:aws:s3:::stereo-spot-input-123456789012" }
        StringEquals = { "aws:SourceAccount" = "123456789012" }
      }
    ])
    error_message = "S3 may send from elsewhere than the input bucket of this account."
  }
}

run "roles" {
  assert {
    condition = alltrue([
      for name, role in aws_iam_role.service_account : jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals == {
        "oidc.eks.eu-central-1.amazonaws.com/id/MADEUP:aud" = "sts.amazonaws.com"
        "oidc.eks.eu-central-1.amazonaws.com/id/MADEUP:sub" = "system:serviceaccount:${local.service_accounts[name].namespace}:${local.service_accounts[name].name}"
      }
    ])
    error_message = "A role trusts another service account."
  }

  # IAM takes 10,240 characters in the policies of a role together, white space not counted.
  assert {
    condition     = alltrue([for policy in aws_iam_role_policy.service_account : length(policy.policy) <= 10240])
    error_message = "A role's policy is too long."
  }

  assert {
    condition = alltrue(flatten([
      for policy in aws_iam_role_policy.service_account : [
        for statement in jsondecode(policy.policy).Statement : statement.Effect == "Allow" && length(statement.Action) > 0 && alltrue([
          for resource in statement.Resource : resource == "*" || can(regex("^arn:aws:[a-z0-9]+:([a-z0-9-]*|\\*):([0-9]{12}|\\*)?:.+$", resource))
        ])
      ]
    ]))
    error_message = "A statement allows something that is no ARN."
  }
}

run "network" {
  variables {
    zones        = 4
    vpc_cidr     = "10.0.0.0/16"
    nat_per_zone = true
  }

  assert {
    condition     = [for subnet in aws_subnet.private : subnet.cidr_block] == ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20", "10.0.48.0/20"]
    error_message = "Private subnets have other addresses."
  }

  assert {
    condition     = [for subnet in aws_subnet.public : subnet.cidr_block] == ["10.0.240.0/24", "10.0.241.0/24", "10.0.242.0/24", "10.0.243.0/24"]
    error_message = "Public subnets have other addresses."
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 4 && length(aws_route_table.private) == 4
    error_message = "A zone has no gateway of its own."
  }
}

run "one_gateway" {
  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-central-1a"] && length(aws_route_table.private) == 3
    error_message = "There is not one gateway for three zones."
  }

  assert {
    condition     = !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "The cluster's API is open to the internet by itself."
  }
}

run "argo_cd_gets_the_application" {
  variables {
    image_tag       = "abc1234"
    target_revision = "v1"
  }

  assert {
    condition = one(yamldecode(helm_release.application.values[0]).manifests).spec.source == merge(
      yamldecode(file("../helm/argo-application.yaml")).spec.source,
      {
        repoURL        = "https://git.example.org/stereo-spot.git"
        targetRevision = "v1"
        helm = merge(yamldecode(file("../helm/argo-application.yaml")).spec.source.helm, {
          valuesObject = {
            image     = { tag = "abc1234" }
            karpenter = { enabled = true, nodeClass = { role = "stereo-spot-node", clusterName = "stereo-spot" } }
          }
        })
      },
    )
    error_message = "The Application reads something else."
  }
}

run "without_gpu_nodes" {
  variables {
    gpu_nodes = false
  }

  assert {
    condition     = !can(one(yamldecode(helm_release.application.values[0]).manifests).spec.source.helm.valuesObject)
    error_message = "The Application has values of its own."
  }
}

run "the_example_of_a_repository_is_told" {
  variables {
    repository_url = null
  }

  expect_failures = [check.application_is_of_your_repository]
}

run "another_file_is_told" {
  variables {
    values_file = ".terraform/tests/other.yaml"
  }

  expect_failures = [check.application_reads_the_file]
}

run "wrong_variables_are_refused" {
  command = plan

  variables {
    region         = "Frankfurt"
    name           = "-"
    upload_origins = ["*"]
    source_days    = 0
    vpc_cidr       = "10.0.0.0/8"
    zones          = 1
    api_cidrs      = ["0.0.0.0/0"]
  }

  expect_failures = [var.region, var.name, var.upload_origins, var.source_days, var.vpc_cidr, var.zones, var.api_cidrs]
}
