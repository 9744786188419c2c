# What the AWS load balancer controller needs for Ingresses of class `alb`. It may change what carries its tag for this cluster, and
# nothing else; AWS has no narrower resource than `*` for looking, and for the calls that make a thing whose name is not known yet.

locals {
  of_this_cluster = { StringEquals = { "aws:ResourceTag/elbv2.k8s.aws/cluster" = var.name } }
  for_this        = { StringEquals = { "aws:RequestTag/elbv2.k8s.aws/cluster" = var.name } }
  elb             = "arn:${local.partition}:elasticloadbalancing:${var.region}:${local.account}"
  security_groups = "${local.ec2}:${local.account}:security-group/*"

  load_balancer_statements = [
    {
      Sid = "Look"
      Action = [
        "ec2:DescribeAccountAttributes", "ec2:DescribeAddresses", "ec2:DescribeAvailabilityZones", "ec2:DescribeInstances",
        "ec2:DescribeInternetGateways", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets", "ec2:DescribeTags", "ec2:DescribeVpcPeeringConnections", "ec2:DescribeVpcs",
        "elasticloadbalancing:DescribeListenerAttributes", "elasticloadbalancing:DescribeListenerCertificates",
        "elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeSSLPolicies",
        "elasticloadbalancing:DescribeTags", "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth",
        "acm:DescribeCertificate", "acm:ListCertificates",
      ]
      Resource = ["*"]
    },
    {
      Sid      = "MakeSecurityGroups"
      Action   = ["ec2:CreateSecurityGroup"]
      Resource = [local.security_groups, aws_vpc.this.arn]
    },
    {
      Sid       = "TagNewSecurityGroups"
      Action    = ["ec2:CreateTags"]
      Resource  = [local.security_groups]
      Condition = { StringEquals = { "ec2:CreateAction" = "CreateSecurityGroup", "aws:RequestTag/elbv2.k8s.aws/cluster" = var.name } }
    },
    {
      Sid       = "ChangeItsSecurityGroups"
      Action    = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress", "ec2:DeleteSecurityGroup", "ec2:CreateTags", "ec2:DeleteTags"]
      Resource  = [local.security_groups]
      Condition = local.of_this_cluster
    },
    # The nodes' own group: it lets the load balancer in.
    {
      Sid      = "LetInToNodes"
      Action   = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
      Resource = ["${local.ec2}:${local.account}:security-group/${aws_eks_cluster.this.vpc_config[0].cluster_security_group_id}"]
    },
    {
      Sid       = "MakeLoadBalancers"
      Action    = ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"]
      Resource  = ["${local.elb}:loadbalancer/app/*", "${local.elb}:targetgroup/*"]
      Condition = local.for_this
    },
    {
      Sid    = "TagNewLoadBalancers"
      Action = ["elasticloadbalancing:AddTags"]
      Resource = [
        "${local.elb}:loadbalancer/app/*", "${local.elb}:targetgroup/*", "${local.elb}:listener/app/*", "${local.elb}:listener-rule/app/*",
      ]
      Condition = {
        StringEquals = {
          "elasticloadbalancing:CreateAction"    = ["CreateLoadBalancer", "CreateTargetGroup", "CreateListener", "CreateRule"]
          "aws:RequestTag/elbv2.k8s.aws/cluster" = var.name
        }
      }
    },
    {
      Sid = "ChangeItsLoadBalancers"
      Action = [
        "elasticloadbalancing:AddListenerCertificates", "elasticloadbalancing:AddTags", "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:CreateRule", "elasticloadbalancing:DeleteListener", "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DeleteRule", "elasticloadbalancing:DeleteTargetGroup", "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:ModifyLoadBalancerAttributes", "elasticloadbalancing:ModifyRule", "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes", "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:RemoveListenerCertificates", "elasticloadbalancing:RemoveTags", "elasticloadbalancing:SetIpAddressType",
        "elasticloadbalancing:SetRulePriorities", "elasticloadbalancing:SetSecurityGroups", "elasticloadbalancing:SetSubnets",
      ]
      Resource = [
        "${local.elb}:loadbalancer/app/*", "${local.elb}:targetgroup/*", "${local.elb}:listener/app/*", "${local.elb}:listener-rule/app/*",
      ]
      Condition = local.of_this_cluster
    },
    # Once in an account, for the first load balancer.
    {
      Sid       = "ServiceRole"
      Action    = ["iam:CreateServiceLinkedRole"]
      Resource  = ["arn:${local.partition}:iam::${local.account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"]
      Condition = { StringEquals = { "iam:AWSServiceName" = "elasticloadbalancing.amazonaws.com" } }
    },
  ]
}
