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
const passedPatterns = [/^AWS_/, /^KOPS_/, /^S3_/, /^(https?|no|all)_proxy$/i]
const secretNames = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'S3_SECRET_ACCESS_KEY']

/**
 * The environment of a child: what the tools document, and nothing else of this job (tokens, `NODE_OPTIONS`,
 * other inputs). `extra` is laid over it; undefined there removes a variable.
 */
export function childEnvironment(env: Variables, extra: Variables = {}): Record<string, string> {
  const allowed = Object.entries(env).filter(
    ([name]) => passed.has(name) || passedPatterns.some(pattern => pattern.test(name)),
  )
  const merged = { ...Object.fromEntries(allowed), ...extra }
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** The values in an environment that no output may show. */
export function secretsOf(env: Variables): string[] {
  return secretNames
    .map(name => env[name])
    .filter((value): value is string => value !== undefined && value.length >= 8)
}
