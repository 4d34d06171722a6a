import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '../action-files.ts'

const folder = join(repository, 'infra/terraform')

export const hasTerraform = spawnSync('terraform', ['version'], { stdio: 'ignore' }).status === 0

/** What the module makes of its variables; it needs no provider for that. Throws Terraform's own refusal. */
export function evaluateModule(variables: object): {
  trust: unknown
  policies: Record<string, unknown>
  boundary: unknown
} {
  const scratch = mkdtempSync(join(tmpdir(), 'meridian-terraform-'))
  try {
    const given = join(scratch, 'given.tfvars.json')
    writeFileSync(given, JSON.stringify(variables))
    const asked =
      'jsonencode({ trust = jsondecode(local.trust), boundary = jsondecode(local.boundary), policies = { for name, text in local.policies : name => jsondecode(text) } })'
    const answer = terraform(['-chdir=policies', 'console', `-var-file=${given}`], scratch, `${asked}\n`)
    return JSON.parse(JSON.parse(answer))
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** Whether every file is written as `terraform fmt` writes it, which reads its syntax too. */
export function checkFormat(): string {
  return terraform(['fmt', '-check', '-recursive', '-list=true'], tmpdir())
}

function terraform(args: readonly string[], data: string, input = ''): string {
  // Its own settings and its cache stay out of the repository.
  const env = { ...process.env, TF_DATA_DIR: data, TF_CLI_CONFIG_FILE: '/dev/null', TF_CLI_ARGS: '' }
  return execFileSync('terraform', args, { cwd: folder, env, input, encoding: 'utf8' })
}
