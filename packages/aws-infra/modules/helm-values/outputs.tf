output "path" {
  description = "The file that was written."
  value       = local_file.helm_values.filename
}
