import { proxySecrets, proxyVariables } from '@meridian/runner'

type Variables = Readonly<Record<string, string | undefined>>

const passed = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'LANG',
  'KUBECONFIG',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
])
const passedPatterns = [/^AWS_/, /^KOPS_/, /^S3_/, /^all_proxy$/i]
const secretNames = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'S3_SECRET_ACCESS_KEY']

/**
 * The environment of a child: what the tools document, and nothing else of this job (tokens, `NODE_OPTIONS`,
 * other inputs). Proxies are spelled so that a program in Go understands of them what this process does, and the certificates
 * that Node trusts besides are trusted there too. `extra` is laid over it; undefined there removes a variable.
 */
export function childEnvironment(env: Variables, extra: Variables = {}): Record<string, string> {
  const allowed = Object.entries(env).filter(
    ([name]) => passed.has(name) || passedPatterns.some(pattern => pattern.test(name)),
  )
  const { NODE_EXTRA_CA_CERTS: trusted } = env
  const merged = {
    // In Go it takes the place of one file; what lies in the system's directories is trusted as before.
    ...(trusted && { SSL_CERT_FILE: trusted }),
    ...Object.fromEntries(allowed),
    ...proxyVariables(env),
    ...extra,
  }
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** The values in an environment that no output may show. */
export function secretsOf(env: Variables): string[] {
  const secrets = secretNames
    .map(name => env[name])
    .filter((value): value is string => value !== undefined && value.length >= 8)
  return [...secrets, ...proxySecrets(env)]
}
