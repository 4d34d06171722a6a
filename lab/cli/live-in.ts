import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Universe } from '@meridian/lab-universe'
import { shellExports, shellUnsets } from './shell-exports.ts'

/** By these the tools of AWS would take other credentials than the lab's, or none: a profile that is not there. */
const others = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
]

/** Writes the universe's kubeconfig and returns the lines that let a shell live in it, with `more` variables. */
export async function exportsOf(universe: Universe, more: Record<string, string> = {}): Promise<string[]> {
  const kubeconfig = join(universe.directory, 'kubeconfig')
  await writeFile(kubeconfig, await universe.kubeconfig(), { mode: 0o600 })
  const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, PATH } = universe.env
  const variables = {
    AWS_ENDPOINT_URL,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_REGION,
    // Version 1 of the aws CLI knows the region by this name only.
    AWS_DEFAULT_REGION: AWS_REGION,
    KUBECONFIG: kubeconfig,
    PATH,
    MERIDIAN_DOMAIN: universe.domain,
    MERIDIAN_DNS_PORT: universe.nameServer.split(':').at(-1),
    ...more,
  }
  const present = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  return [...shellUnsets(others), ...shellExports(Object.fromEntries(present))]
}
