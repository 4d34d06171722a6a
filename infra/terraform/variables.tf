variable "owner" {
  description = "User or organisation that owns the repository, such as acme."
  type        = string
}

variable "owner_id" {
  description = "Its number (gh api repos/OWNER/REPOSITORY --jq .owner.id)."
  type        = string
}

variable "repository" {
  description = "Name of the repository, without its owner."
  type        = string
}

variable "repository_id" {
  description = "Its number (gh api repos/OWNER/REPOSITORY --jq .id)."
  type        = string
}

variable "branches" {
  description = "Branches whose jobs may assume the role."
  type        = list(string)
  default     = ["main"]
}

variable "environments" {
  description = "GitHub environments whose jobs may assume the role. Such jobs have no branch for AWS."
  type        = list(string)
  default     = []
}

variable "pull_requests" {
  description = "Whether jobs of pull requests may assume the role. Those of forks get no token."
  type        = bool
  default     = false
}

variable "scope" {
  description = "everything builds and removes clusters; deploy is for apps and records; dns for records alone."
  type        = string
  default     = "everything"

  validation {
    condition     = contains(["everything", "deploy", "dns"], var.scope)
    error_message = "The scope must be everything, deploy or dns."
  }
}

variable "domain" {
  description = "Domain that the names of clusters and records end in, such as k8s.example.com."
  type        = string
}

variable "hosted_zone" {
  description = "Id of the public hosted zone that the domain is in."
  type        = string
}

variable "state_bucket" {
  description = "Name of the bucket that holds the state of clusters. By default those that Meridian makes, one for each."
  type        = string
  default     = null
}

variable "state_path" {
  description = "Path in that bucket that ends in a slash, such as kops/."
  type        = string
  default     = ""
}

variable "state_key" {
  description = "Id of the KMS key that encrypts the bucket, or none."
  type        = string
  default     = "none"

  validation {
    condition     = can(regex("^(none|mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$", var.state_key))
    error_message = "The key must be none, or the id of a key: neither an ARN nor an alias."
  }
}

variable "name" {
  description = "Name of the role, and the beginning of what else has one."
  type        = string
  default     = "meridian"
}

variable "create_provider" {
  description = "Whether to make the account's identity provider for GitHub. An account has one; it exists where others use OIDC already."
  type        = bool
  default     = true
}
