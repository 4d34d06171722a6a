# What the role trusts and may do, from docs/iam. It needs no provider, so that anybody can look at it:
# `terraform -chdir=infra/terraform/policies console`.

variable "account" { type = string }
variable "partition" { type = string }
variable "owner" { type = string }
variable "owner_id" { type = string }
variable "repository" { type = string }
variable "repository_id" { type = string }
variable "branches" { type = list(string) }
variable "environments" { type = list(string) }
variable "pull_requests" { type = bool }
variable "scope" { type = string }
variable "domain" { type = string }
variable "hosted_zone" { type = string }
variable "state_bucket" { type = string }
variable "state_path" { type = string }
variable "state_key" { type = string }
variable "boundary" { type = string }

locals {
  documents = "${path.module}/../../../docs/iam"
  values = {
    Account     = var.account
    Domain      = var.domain
    Boundary    = var.boundary
    HostedZone  = var.hosted_zone
    StateBucket = var.state_bucket == null ? "*.${var.domain}-state" : var.state_bucket
    StatePath   = var.state_path
    StateKey    = var.state_key
  }

  files = {
    everything = [for file in fileset(local.documents, "*.json") : trimsuffix(file, ".json")]
    deploy     = ["deploy-federated-app", "latency-dns"]
    dns        = ["latency-dns"]
  }
  policies = {
    for name in local.files[var.scope] : name => replace(templatefile("${local.documents}/${name}.json", local.values), "arn:aws:", "arn:${var.partition}:")
  }
  boundary = replace(templatefile("${local.documents}/boundary/machines.json", local.values), "arn:aws:", "arn:${var.partition}:")

  repository = merge(local.values, {
    Owner        = var.owner
    OwnerId      = var.owner_id
    Repository   = var.repository
    RepositoryId = var.repository_id
  })
  trusts = concat(
    [for branch in var.branches : templatefile("${local.documents}/trust/branch.json", merge(local.repository, { Branch = branch }))],
    [for name in var.environments : templatefile("${local.documents}/trust/environment.json", merge(local.repository, { Environment = name }))],
    var.pull_requests ? [templatefile("${local.documents}/trust/pull-request.json", local.repository)] : [],
  )
  statements = flatten([for document in local.trusts : jsondecode(replace(document, "arn:aws:", "arn:${var.partition}:")).Statement])
  trust = jsonencode({
    Version   = "2012-10-17"
    Statement = [for at, statement in local.statements : merge(statement, { Sid = "${statement.Sid}${at}" })]
  })
}

output "trust" {
  value = local.trust

  precondition {
    condition     = length(local.statements) > 0
    error_message = "Give branches, environments, or pull_requests = true: a role that nobody may assume is of no use."
  }
}

output "policies" { value = local.policies }
output "boundary" { value = local.boundary }
