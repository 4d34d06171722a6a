const hidden = '***'
const keyBlock = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g
const keyData = /((?:client-key-data|token|password)["']?\s*[:=]\s*["']?)([A-Za-z0-9+/=_.-]{16,})/gi

/** Text without the given secrets, private keys, and the credentials of a kubeconfig. */
export function redact(text: string, secrets: readonly string[] = []): string {
  const plain = secrets
    .filter(secret => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, hidden), text)
  return plain.replace(keyBlock, hidden).replace(keyData, `$1${hidden}`)
}
