# Karpenter makes nodes and takes them away. EventBridge tells it by a queue when AWS is about to take one (spot), so that it drains
# the node in time: this replaces the Node Termination Handler.

locals {
  ec2     = "arn:${local.partition}:ec2:${var.region}"
  owned   = "kubernetes.io/cluster/${var.name}"
  profile = "arn:${local.partition}:iam::${local.account}:instance-profile/*"

  # Kinds of things that come into being with a node.
  of_a_node = [for kind in ["fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request"] : "${local.ec2}:*:${kind}/*"]

  karpenter_statements = [
    # AWS has no narrower resource for looking.
    {
      Sid = "Look"
      Action = [
        "ec2:DescribeCapacityReservations", "ec2:DescribeImages", "ec2:DescribeInstances", "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstanceTypeOfferings", "ec2:DescribeInstanceTypes", "ec2:DescribeLaunchTemplates", "ec2:DescribePlacementGroups",
        "ec2:DescribeSecurityGroups", "ec2:DescribeSpotPriceHistory", "ec2:DescribeSubnets",
      ]
      Resource  = ["*"]
      Condition = { StringEquals = { "aws:RequestedRegion" = var.region } }
    },
    { Sid = "LookAtPrices", Action = ["pricing:GetProducts"], Resource = ["*"] },
    { Sid = "LookForProfiles", Action = ["iam:ListInstanceProfiles"], Resource = ["*"] },
    { Sid = "LookAtProfiles", Action = ["iam:GetInstanceProfile"], Resource = [local.profile] },
    { Sid = "LookUpImages", Action = ["ssm:GetParameter"], Resource = ["arn:${local.partition}:ssm:${var.region}::parameter/aws/service/*"] },
    { Sid = "LookAtTheCluster", Action = ["eks:DescribeCluster"], Resource = [aws_eks_cluster.this.arn] },
    {
      Sid    = "StartFromWhatIsThere"
      Action = ["ec2:RunInstances", "ec2:CreateFleet"]
      Resource = concat(
        ["${local.ec2}::image/*", "${local.ec2}::snapshot/*"],
        [for kind in ["security-group", "subnet", "capacity-reservation", "placement-group"] : "${local.ec2}:*:${kind}/*"],
      )
    },
    {
      Sid      = "StartFromItsTemplates"
      Action   = ["ec2:RunInstances", "ec2:CreateFleet"]
      Resource = ["${local.ec2}:*:launch-template/*"]
      Condition = {
        StringEquals = { "aws:ResourceTag/${local.owned}" = "owned" }
        StringLike   = { "aws:ResourceTag/karpenter.sh/nodepool" = "*" }
      }
    },
    {
      Sid      = "StartWithItsTags"
      Action   = ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"]
      Resource = local.of_a_node
      Condition = {
        StringEquals = { "aws:RequestTag/${local.owned}" = "owned", "aws:RequestTag/eks:eks-cluster-name" = var.name }
        StringLike   = { "aws:RequestTag/karpenter.sh/nodepool" = "*" }
      }
    },
    {
      Sid      = "TagWhatItStarts"
      Action   = ["ec2:CreateTags"]
      Resource = local.of_a_node
      Condition = {
        StringEquals = {
          "aws:RequestTag/${local.owned}"       = "owned"
          "aws:RequestTag/eks:eks-cluster-name" = var.name
          "ec2:CreateAction"                    = ["RunInstances", "CreateFleet", "CreateLaunchTemplate"]
        }
        StringLike = { "aws:RequestTag/karpenter.sh/nodepool" = "*" }
      }
    },
    {
      Sid      = "NameItsNodes"
      Action   = ["ec2:CreateTags"]
      Resource = ["${local.ec2}:*:instance/*"]
      Condition = {
        StringEquals                = { "aws:ResourceTag/${local.owned}" = "owned" }
        StringLike                  = { "aws:ResourceTag/karpenter.sh/nodepool" = "*" }
        StringEqualsIfExists        = { "aws:RequestTag/eks:eks-cluster-name" = var.name }
        "ForAllValues:StringEquals" = { "aws:TagKeys" = ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"] }
      }
    },
    {
      Sid      = "EndItsNodes"
      Action   = ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"]
      Resource = ["${local.ec2}:*:instance/*", "${local.ec2}:*:launch-template/*"]
      Condition = {
        StringEquals = { "aws:ResourceTag/${local.owned}" = "owned" }
        StringLike   = { "aws:ResourceTag/karpenter.sh/nodepool" = "*" }
      }
    },
    {
      Sid       = "GiveNodesTheirRole"
      Action    = ["iam:PassRole"]
      Resource  = [aws_iam_role.node.arn]
      Condition = { StringEquals = { "iam:PassedToService" = "ec2.amazonaws.com" } }
    },
    {
      Sid      = "MakeProfiles"
      Action   = ["iam:CreateInstanceProfile"]
      Resource = [local.profile]
      Condition = {
        StringEquals = {
          "aws:RequestTag/${local.owned}"                = "owned"
          "aws:RequestTag/eks:eks-cluster-name"          = var.name
          "aws:RequestTag/topology.kubernetes.io/region" = var.region
        }
        StringLike = { "aws:RequestTag/karpenter.k8s.aws/ec2nodeclass" = "*" }
      }
    },
    {
      Sid      = "TagItsProfiles"
      Action   = ["iam:TagInstanceProfile"]
      Resource = [local.profile]
      Condition = {
        StringEquals = {
          "aws:ResourceTag/${local.owned}"                = "owned"
          "aws:ResourceTag/topology.kubernetes.io/region" = var.region
          "aws:RequestTag/${local.owned}"                 = "owned"
          "aws:RequestTag/eks:eks-cluster-name"           = var.name
          "aws:RequestTag/topology.kubernetes.io/region"  = var.region
        }
        StringLike = {
          "aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass" = "*"
          "aws:RequestTag/karpenter.k8s.aws/ec2nodeclass"  = "*"
        }
      }
    },
    {
      Sid      = "ChangeItsProfiles"
      Action   = ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"]
      Resource = [local.profile]
      Condition = {
        StringEquals = {
          "aws:ResourceTag/${local.owned}"                = "owned"
          "aws:ResourceTag/topology.kubernetes.io/region" = var.region
        }
        StringLike = { "aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass" = "*" }
      }
    },
    {
      Sid      = "HearOfInterruptions"
      Action   = ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"]
      Resource = [aws_sqs_queue.interruption.arn]
    },
  ]

  # What EventBridge passes on.
  interruptions = {
    health      = { source = "aws.health", detail = "AWS Health Event" }
    spot        = { source = "aws.ec2", detail = "EC2 Spot Instance Interruption Warning" }
    rebalance   = { source = "aws.ec2", detail = "EC2 Instance Rebalance Recommendation" }
    state       = { source = "aws.ec2", detail = "EC2 Instance State-change Notification" }
    reservation = { source = "aws.ec2", detail = "EC2 Capacity Reservation Instance Interruption Warning" }
  }
}

# The role of every node, Karpenter's and the system's. The chart's EC2NodeClass names it.
resource "aws_iam_role" "node" {
  name = "${var.name}-node"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset([
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
  ])

  role       = aws_iam_role.node.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/${each.key}"
}

resource "aws_sqs_queue" "interruption" {
  name                      = "${var.name}-interruption"
  message_retention_seconds = 300
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "interruption" {
  queue_url = aws_sqs_queue.interruption.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "EventsOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.interruption.arn
        Condition = { ArnEquals = { "aws:SourceArn" = [for rule in aws_cloudwatch_event_rule.interruption : rule.arn] } }
      },
      {
        Sid       = "OnlyEncryptedTransport"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.interruption.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_cloudwatch_event_rule" "interruption" {
  for_each = local.interruptions

  name          = "${var.name}-${each.key}"
  description   = each.value.detail
  event_pattern = jsonencode({ source = [each.value.source], detail-type = [each.value.detail] })
}

resource "aws_cloudwatch_event_target" "interruption" {
  for_each = aws_cloudwatch_event_rule.interruption

  rule      = each.value.name
  target_id = "karpenter"
  arn       = aws_sqs_queue.interruption.arn
}
