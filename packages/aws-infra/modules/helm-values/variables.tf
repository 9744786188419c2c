variable "path" {
  description = "The file to write."
  type        = string
}

variable "region" {
  description = "The AWS region of everything below."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like eu-central-1."
  }
}

variable "buckets" {
  description = "Names of the buckets."
  type = object({
    input  = string
    output = string
  })
}

variable "tables" {
  description = "Names of the DynamoDB tables."
  type = object({
    jobs                 = string
    segment_completions  = string
    reassembly_triggered = string
  })
}

variable "queue_urls" {
  description = "URLs of the SQS queues."
  type = object({
    chunking     = string
    video_worker = string
    reassembly   = string
  })

  validation {
    condition     = alltrue([for url in values(var.queue_urls) : can(regex("^https?://[^/]+/[^/]+/[^/]+$", url))])
    error_message = "A queue URL looks like https://sqs.eu-central-1.amazonaws.com/123456789012/name."
  }
}

variable "images" {
  description = "Image repositories without a tag; null leaves the chart's own names."
  type = object({
    web_ui       = string
    media_worker = string
    video_worker = string
  })
  default = null
}

variable "role_arns" {
  description = "IAM roles of the service accounts; null leaves them without."
  type = object({
    web_ui       = string
    media_worker = string
    video_worker = string
  })
  default = null
}
