# A role that GitHub's jobs of one repository assume to run Meridian, with its policies and the boundary of its machines.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.81"
    }
  }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  boundary = "${var.name}-machines"
}

module "policies" {
  source = "./policies"

  account       = data.aws_caller_identity.current.account_id
  partition     = data.aws_partition.current.partition
  owner         = var.owner
  owner_id      = var.owner_id
  repository    = var.repository
  repository_id = var.repository_id
  branches      = var.branches
  environments  = var.environments
  pull_requests = var.pull_requests
  scope         = var.scope
  domain        = var.domain
  hosted_zone   = var.hosted_zone
  state_bucket  = var.state_bucket
  state_path    = var.state_path
  state_key     = var.state_key
  boundary      = local.boundary
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.create_provider ? 1 : 0

  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "meridian" {
  name               = var.name
  description        = "Meridian for jobs of ${var.owner}/${var.repository}"
  assume_role_policy = module.policies.trust

  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_policy" "meridian" {
  for_each = module.policies.policies

  name   = "${var.name}-${each.key}"
  policy = each.value
}

resource "aws_iam_role_policy_attachment" "meridian" {
  for_each = module.policies.policies

  role       = aws_iam_role.meridian.name
  policy_arn = aws_iam_policy.meridian[each.key].arn
}

resource "aws_iam_policy" "boundary" {
  count = var.scope == "everything" ? 1 : 0

  name        = local.boundary
  description = "What the machines of clusters may do at most"
  policy      = module.policies.boundary
}

output "role" {
  description = "For the variable MERIDIAN_ROLE of the repository."
  value       = aws_iam_role.meridian.arn
}

output "boundary" {
  description = "For the variable MERIDIAN_BOUNDARY of the repository. Null where the role builds no clusters."
  value       = one(aws_iam_policy.boundary[*].arn)
}
