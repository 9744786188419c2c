# What is asked of AWS, and names that several files need.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_availability_zones" "available" {
  #checkov:skip=CKV_AWS_394:only the first var.zones names are used (vpc.tf)
  state = "available"

  # Local zones have neither EKS's control plane nor NAT gateways.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition

  # Namespaces and service accounts that roles trust. The chart makes the first three, the charts in addons.tf the others.
  service_accounts = {
    web-ui        = { namespace = var.namespace, name = "web-ui" }
    media-worker  = { namespace = var.namespace, name = "media-worker" }
    video-worker  = { namespace = var.namespace, name = "video-worker" }
    keda          = { namespace = "keda", name = "keda-operator" }
    karpenter     = { namespace = "kube-system", name = "karpenter" }
    load-balancer = { namespace = "kube-system", name = "aws-load-balancer-controller" }
  }
}
