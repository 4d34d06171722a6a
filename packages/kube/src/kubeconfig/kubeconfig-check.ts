import type { Parser } from '@meridian/runner'
import { type Kubeconfig, parseKubeconfig } from './kubeconfig.ts'

const fileFields = {
  cluster: ['certificate-authority'],
  user: ['client-certificate', 'client-key', 'token-file', 'tokenFile'],
} as const

/**
 * What a kubeconfig that was handed in may not hold: it would run a program (`exec`, `auth-provider`), read a
 * file of the runner, or send credentials unverified. An empty list means that it may be used.
 */
export function checkGivenKubeconfig(config: Kubeconfig): string[] {
  const problems: string[] = []
  for (const { name, cluster } of config.clusters) {
    for (const field of fileFields.cluster)
      if (field in (cluster ?? {})) problems.push(`cluster '${name}' refers to a file (${field})`)
    if (cluster?.['insecure-skip-tls-verify'] === true)
      problems.push(`cluster '${name}' switches TLS verification off`)
    if (!/^https:\/\//.test(cluster?.server ?? ''))
      problems.push(`cluster '${name}' has no server that starts with https://`)
  }
  for (const { name, user } of config.users) {
    for (const field of fileFields.user)
      if (field in (user ?? {})) problems.push(`user '${name}' refers to a file (${field})`)
    if (user?.exec) problems.push(`user '${name}' runs a program (exec)`)
    if (!user?.as && ['as-uid', 'as-groups', 'as-user-extra'].some(field => user?.[field]))
      problems.push(`user '${name}' acts for a uid, groups or extras without a user (as)`)
    if (user?.['auth-provider']) problems.push(`user '${name}' uses an auth-provider`)
  }
  return problems
}

/** The content of a kubeconfig as an input's text. Wrap the field in `secret`: the text holds credentials. */
export const givenKubeconfig: Parser<Kubeconfig> = raw => {
  const config = anyKubeconfig(raw)
  const problems = checkGivenKubeconfig(config)
  if (problems.length > 0) throw new Error(`cannot be used: ${problems.join('; ')}`)
  return config
}

/** Like `givenKubeconfig`, but whatever it holds: for who looks at that himself. */
export const anyKubeconfig: Parser<Kubeconfig> = raw => {
  if (/^[^\s:{]+$/.test(raw)) throw new Error('must be the content of a kubeconfig, not the path of one')
  const config = parseText(raw)
  if (config.contexts.length === 0) throw new Error('is no kubeconfig: it has no contexts')
  return config
}

function parseText(raw: string): Kubeconfig {
  try {
    return parseKubeconfig(raw)
  } catch (error) {
    // After the first line the parser shows the text itself.
    throw new Error(`is no kubeconfig: ${(error as Error).message.split('\n')[0]}`)
  }
}

/** The secret values of a kubeconfig, to be masked. */
export function secretsOf(config: Kubeconfig): string[] {
  return config.users.flatMap(({ user }) =>
    [user?.token, user?.password, user?.['client-key-data']].filter(value => typeof value === 'string'),
  )
}
