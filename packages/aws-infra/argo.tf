# The Application of packages/helm/argo-application.yaml, given to the cluster after Argo CD brought its kind.
#
# A `kubernetes_manifest` would ask the API server for that kind when planning, and fail in the first run. A release of a chart of
# our own, which renders what it is given (charts/manifests), asks when applying.

locals {
  application = yamldecode(file("${path.module}/../helm/argo-application.yaml"))

  # Values that stay out of Git: they win over both files. Only what this configuration knows and the file of names does not say.
  chart_values = merge(
    var.image_tag == null ? {} : { image = { tag = var.image_tag } },
    !var.gpu_nodes ? {} : {
      karpenter = {
        enabled   = true
        nodeClass = { role = aws_iam_role.node.name, clusterName = aws_eks_cluster.this.name }
      }
    },
  )

  application_source = merge(
    local.application.spec.source,
    var.repository_url == null ? {} : { repoURL = var.repository_url },
    var.target_revision == null ? {} : { targetRevision = var.target_revision },
    { helm = merge(local.application.spec.source.helm, length(local.chart_values) == 0 ? {} : { valuesObject = local.chart_values }) },
  )

  application_destination = merge(local.application.spec.destination, { namespace = var.namespace })
}

resource "helm_release" "application" {
  name      = "stereo-spot-application"
  chart     = "${path.module}/charts/manifests"
  namespace = helm_release.argo_cd.namespace
  atomic    = true

  values = [yamlencode({
    manifests = [
      merge(local.application, {
        spec = merge(local.application.spec, {
          source      = local.application_source
          destination = local.application_destination
        })
      }),
    ]
  })]

  # What the chart's objects are of must be there when Argo CD first syncs, and the roles when its pods start.
  depends_on = [
    helm_release.argo_cd,
    helm_release.keda,
    helm_release.karpenter,
    helm_release.nvidia_device_plugin,
    module.helm_values,
  ]
}
