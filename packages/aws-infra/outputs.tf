output "input_bucket_name" {
  description = "Bucket of uploads and their pieces."
  value       = aws_s3_bucket.media["input"].bucket
}

output "output_bucket_name" {
  description = "Bucket of converted pieces and finished videos."
  value       = aws_s3_bucket.media["output"].bucket
}

output "jobs_table_name" {
  description = "Table of jobs."
  value       = aws_dynamodb_table.jobs.name
}

output "segment_completions_table_name" {
  description = "Table of converted pieces."
  value       = aws_dynamodb_table.segment_completions.name
}

output "reassembly_triggered_table_name" {
  description = "Table that lets each job be joined once."
  value       = aws_dynamodb_table.reassembly_triggered.name
}

output "chunking_queue_url" {
  description = "Queue of uploads."
  value       = aws_sqs_queue.work["chunking"].url
}

output "video_worker_queue_url" {
  description = "Queue of pieces."
  value       = aws_sqs_queue.work["video-worker"].url
}

output "reassembly_queue_url" {
  description = "Queue of jobs whose pieces are all converted."
  value       = aws_sqs_queue.work["reassembly"].url
}

output "image_repositories" {
  description = "Where to push the three images to, without a tag."
  value       = { for name, repository in aws_ecr_repository.image : name => repository.repository_url }
}

output "role_arns" {
  description = "Roles by what carries them: the three workloads, KEDA's operator, Karpenter, the load balancer controller."
  value       = { for name, role in aws_iam_role.service_account : name => role.arn }
}

output "node_role_name" {
  description = "The nodes' role (the chart's karpenter.nodeClass.role)."
  value       = aws_iam_role.node.name
}

output "cluster_name" {
  description = "The cluster (aws eks update-kubeconfig --name …)."
  value       = aws_eks_cluster.this.name
}

output "values_file" {
  description = "The file that the chart's names were written to; commit it, since Argo CD reads it from Git."
  value       = module.helm_values.path
}
