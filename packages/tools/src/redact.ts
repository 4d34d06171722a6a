const hidden = '***'
const keyBlock = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g
const openKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----(?!.*-----END )/
const keyEnd = /-----END [A-Z ]*PRIVATE KEY-----/
/** Base64, or a header such as `Proc-Type: 4,ENCRYPTED`. */
const isOfKey = /^\s*([A-Za-z0-9+/=]*|[A-Za-z-]+: [\w,-]+)\s*$/
const keyData = /((?:client-key-data|token|password)["']?\s*[:=]\s*["']?)([A-Za-z0-9+/=_.-]{16,})/gi

/** Text without the given secrets, private keys, and the credentials of a kubeconfig. */
export function redact(text: string, secrets: readonly string[] = []): string {
  const plain = secrets
    .filter(secret => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, hidden), text)
  return plain.replace(keyBlock, hidden).replace(keyData, `$1${hidden}`)
}

/**
 * `redact` for lines that come one by one: what follows the begin of a private key is hidden, line by line, until its end,
 * or until a line that cannot be of a key.
 */
export function createLineRedactor(secrets: readonly string[] = []): (line: string) => string {
  const parts = secrets.flatMap(secret => [secret, ...secret.split(/\r?\n/).filter(isTelling)])
  let inKey = false
  return line => {
    if (inKey && isOfKey.test(line)) return hidden
    const end = inKey ? keyEnd.exec(line) : null
    const rest = end ? line.slice(end.index + end[0].length) : line
    inKey = openKey.test(rest)
    return `${end ? hidden : ''}${redact(rest, parts)}`
  }
}

const isTelling = (part: string) => part.trim().length >= 8
