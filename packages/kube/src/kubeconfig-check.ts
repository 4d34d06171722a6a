import type { Kubeconfig } from './kubeconfig.ts'

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
    if (user?.['auth-provider']) problems.push(`user '${name}' uses an auth-provider`)
  }
  return problems
}
