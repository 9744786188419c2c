variable "region" {
  description = "The AWS region of everything."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like eu-central-1."
  }
}

variable "name" {
  description = "What every name begins with, and the name of the cluster."
  type        = string
  default     = "stereo-spot"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,28}[a-z0-9]$", var.name))
    error_message = "Lower case letters, digits and hyphens, 3 to 30 of them: buckets are named <name>-output-<account>."
  }
}

variable "tags" {
  description = "Tags on everything that can carry some."
  type        = map(string)
  default     = {}
}

variable "namespace" {
  description = "The Kubernetes namespace of the chart; the roles trust the service accounts of this one only."
  type        = string
  default     = "stereo-spot"
}

variable "upload_origins" {
  description = "Where browsers that upload and play come from, as https://host. Presigned URLs do not work from anywhere else."
  type        = list(string)

  validation {
    condition     = length(var.upload_origins) > 0 && alltrue([for origin in var.upload_origins : can(regex("^https?://[^/*]+$", origin))])
    error_message = "At least one origin such as https://stereo.example.com: no path, no wildcard."
  }
}

variable "source_days" {
  description = "Days after which an uploaded video and its pieces are deleted."
  type        = number
  default     = 7

  validation {
    condition     = var.source_days >= 1
    error_message = "One day at least."
  }
}

variable "deletion_protection" {
  description = "Whether tables refuse to be deleted, and buckets and repositories to be deleted while they hold something."
  type        = bool
  default     = true
}

variable "alarm_topics" {
  description = "ARNs that are told of alarms (SNS topics). Without any, alarms only show in CloudWatch."
  type        = list(string)
  default     = []
}

variable "vpc_cidr" {
  description = "Addresses of the network: a /16 to /20."
  type        = string
  default     = "10.42.0.0/16"

  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0)) && try(tonumber(split("/", var.vpc_cidr)[1]) >= 16 && tonumber(split("/", var.vpc_cidr)[1]) <= 20, false)
    error_message = "A CIDR block such as 10.42.0.0/16, between /16 and /20."
  }
}

variable "zones" {
  description = "Number of availability zones."
  type        = number
  default     = 3

  validation {
    condition     = var.zones >= 2 && var.zones <= 4
    error_message = "EKS and the load balancer need two; there is room for four."
  }
}

variable "nat_per_zone" {
  description = "A NAT gateway in each zone instead of one for all: dearer, and a zone's failure stays in it."
  type        = bool
  default     = false
}

variable "kubernetes_version" {
  description = "Kubernetes of the cluster."
  type        = string
  default     = "1.35"

  validation {
    condition     = can(regex("^1\\.[0-9]{2}$", var.kubernetes_version))
    error_message = "A minor version such as 1.35."
  }
}

variable "api_cidrs" {
  description = "Who reaches the cluster's API from the internet. Empty: only the network itself does, and Terraform must run in it."
  type        = list(string)
  default     = []

  validation {
    condition     = !contains(var.api_cidrs, "0.0.0.0/0")
    error_message = "Not the whole internet: name the addresses of those who administer the cluster."
  }
}

variable "system_nodes" {
  description = "The nodes that run everything but video-worker, which gets its own from Karpenter."
  type = object({
    instance_types = list(string)
    minimum        = number
    maximum        = number
    disk_gib       = number
  })
  default = {
    instance_types = ["m6i.large", "m5.large"]
    minimum        = 2
    maximum        = 6
    disk_gib       = 60
  }
}

variable "log_days" {
  description = "Days for which the control plane's logs are kept."
  type        = number
  default     = 365
}

variable "repository_url" {
  description = "The Git repository that Argo CD reads. Null leaves the URL of packages/helm/argo-application.yaml."
  type        = string
  default     = null
}

variable "target_revision" {
  description = "Branch, tag or commit that Argo CD reads. Null leaves the one of packages/helm/argo-application.yaml."
  type        = string
  default     = null
}

variable "gpu_nodes" {
  description = "Whether the chart asks Karpenter for GPU nodes (karpenter.enabled), with this cluster's name and node role."
  type        = bool
  default     = true
}

variable "image_tag" {
  description = "The one tag of the three images, given to the Application. Null leaves it to the values in Git."
  type        = string
  default     = null
}

variable "values_file" {
  description = "The file that the chart's names are written to. Null: packages/helm/values-from-terraform.yaml."
  type        = string
  default     = null
}
