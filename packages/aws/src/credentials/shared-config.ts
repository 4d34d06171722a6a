import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '@meridian/runner'

/** Of AWS's shared config file, the profile in use, and the section that it names for single services. */
export type SharedConfig = {
  readonly profile: Readonly<Record<string, string | undefined>>
  readonly services: Readonly<Record<string, string | undefined>>
}

/** Reads the file as AWS's SDK does, which is loaded only where there is one: a runner of GitHub has none. */
export async function readSharedConfig(env: Environment): Promise<SharedConfig> {
  const file = env.AWS_CONFIG_FILE || join(env.HOME || homedir(), '.aws', 'config')
  if (!existsSync(file)) return { profile: {}, services: {} }
  const { loadSharedConfigFiles } = await import('@smithy/core/config')
  const { configFile } = await loadSharedConfigFiles({ configFilepath: file, ignoreCache: true })
  const profile = configFile[env.AWS_PROFILE || 'default'] ?? {}
  return { profile, services: configFile[`services.${profile.services}`] ?? {} }
}

/** The endpoint of a service (`EC2`, `AUTO_SCALING`), as AWS's libraries look for it: variables first, then the file. */
export function configuredEndpoint(
  env: Environment,
  { profile, services }: SharedConfig,
  service: string,
): string | undefined {
  const ignored = env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS || profile.ignore_configured_endpoint_urls
  if (ignored?.toLowerCase() === 'true') return undefined
  return (
    env[`AWS_ENDPOINT_URL_${service}`] ||
    env.AWS_ENDPOINT_URL ||
    services[`${service.toLowerCase()}.endpoint_url`] ||
    profile.endpoint_url ||
    undefined
  )
}
