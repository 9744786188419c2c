terraform {
  required_version = ">= 1.5"

  required_providers {
    local = {
      source  = "hashicorp/local"
      version = ">= 1.4.0, < 3.0.0"
    }
  }
}
