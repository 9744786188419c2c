# What the chart relies on in the cluster. Versions are those that the chart was checked with.

locals {
  role_annotation = "eks.amazonaws.com/role-arn"
}

# First: its webhook judges every Service, also those of the charts below.
resource "helm_release" "load_balancer_controller" {
  name       = "aws-load-balancer-controller"
  repository = "https://aws.github.io/eks-charts"
  chart      = "aws-load-balancer-controller"
  version    = "3.5.0"
  namespace  = local.service_accounts["load-balancer"].namespace
  atomic     = true

  values = [yamlencode({
    clusterName = aws_eks_cluster.this.name
    region      = var.region
    vpcId       = aws_vpc.this.id
    # Neither firewalls nor Shield: load_balancer.tf gives no rights to them, and Shield would be asked about at each turn.
    enableShield = false
    enableWaf    = false
    enableWafv2  = false
    serviceAccount = {
      name        = local.service_accounts["load-balancer"].name
      annotations = { (local.role_annotation) = aws_iam_role.service_account["load-balancer"].arn }
    }
  })]

  depends_on = [aws_eks_addon.this, aws_iam_role_policy.service_account]
}

resource "helm_release" "keda" {
  name             = "keda"
  repository       = "https://kedacore.github.io/charts"
  chart            = "keda"
  version          = "2.20.2"
  namespace        = local.service_accounts["keda"].namespace
  create_namespace = true
  atomic           = true

  values = [yamlencode({
    podIdentity = {
      aws = {
        irsa = {
          enabled = true
          roleArn = aws_iam_role.service_account["keda"].arn
        }
      }
    }
  })]

  depends_on = [helm_release.load_balancer_controller]
}

resource "helm_release" "karpenter" {
  name       = "karpenter"
  repository = "oci://public.ecr.aws/karpenter"
  chart      = "karpenter"
  version    = "1.14.1"
  namespace  = local.service_accounts["karpenter"].namespace
  atomic     = true

  values = [yamlencode({
    settings = {
      clusterName       = aws_eks_cluster.this.name
      interruptionQueue = aws_sqs_queue.interruption.name
    }
    serviceAccount = {
      name        = local.service_accounts["karpenter"].name
      annotations = { (local.role_annotation) = aws_iam_role.service_account["karpenter"].arn }
    }
  })]

  # Its nodes may join because they have the role of the system nodes, for which EKS made an access entry with their group.
  depends_on = [helm_release.load_balancer_controller, aws_ec2_tag.discovery]
}

resource "helm_release" "nvidia_device_plugin" {
  name       = "nvidia-device-plugin"
  repository = "https://nvidia.github.io/k8s-device-plugin"
  chart      = "nvidia-device-plugin"
  version    = "0.20.0"
  namespace  = "kube-system"
  atomic     = true

  # The taint that the chart's NodePool puts on GPU nodes, and the label that Karpenter puts on each node with such a GPU. By itself the
  # plugin waits for a label of Node Feature Discovery, which is not here.
  values = [yamlencode({
    tolerations = [{ key = "nvidia.com/gpu", operator = "Exists", effect = "NoSchedule" }]
    affinity = {
      nodeAffinity = {
        requiredDuringSchedulingIgnoredDuringExecution = {
          nodeSelectorTerms = [{
            matchExpressions = [{ key = "karpenter.k8s.aws/instance-gpu-manufacturer", operator = "In", values = ["nvidia"] }]
          }]
        }
      }
    }
  })]

  depends_on = [helm_release.load_balancer_controller]
}

resource "helm_release" "argo_cd" {
  name             = "argo-cd"
  repository       = "https://argoproj.github.io/argo-helm"
  chart            = "argo-cd"
  version          = "10.1.1"
  namespace        = "argocd"
  create_namespace = true
  atomic           = true

  depends_on = [helm_release.load_balancer_controller]
}
