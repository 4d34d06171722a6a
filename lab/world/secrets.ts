/** A secret value of the world and where it is from, for whoever finds it where it must not be. */
export type KnownSecret = { name: string; value: string }

/** Every secret that ever was in the world: nothing of them may come out of an action. */
export type SecretLedger = {
  /** Remembers the secret values in a text: a key, a token, a whole kubeconfig. What is public in it is left out. */
  add(name: string, text: string): void
  all(): KnownSecret[]
}

/** A ledger that finds a secret by its value, so that one is told once however often it was seen. */
export function createSecretLedger(): SecretLedger {
  const known = new Map<string, string>()
  return {
    add(name, text) {
      for (const value of secretsIn(text)) known.set(value, name)
    },
    all: () => [...known].map(([value, name]) => ({ name, value })),
  }
}

// Shorter ones are words that stand in any text.
const leastLength = 8
const leastLine = 24
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----([\s\S]+?)-----END/g
const credential = /["']?(?:client-key-data|token|password)["']?:\s*["']?([^\s"',}]+)/g

/**
 * The parts of a text that are secret. Keys count line by line, because a log may break or indent them; of a
 * kubeconfig its credentials count; certificates and public keys are no secrets; any other text is one as a whole.
 */
function secretsIn(text: string): string[] {
  const keys = [...text.matchAll(privateKey)].flatMap(([, body = '']) => body.split(/\s+/))
  const credentials = [...text.matchAll(credential)].flatMap(([, value = '']) => [value, ...keysOf(value)])
  const found = [...keys.filter(line => line.length >= leastLine), ...credentials]
  if (found.length > 0) return found.filter(value => value.length >= leastLength)
  if (text.includes('-----BEGIN ')) return []
  const lines = text.trim().split('\n')
  return lines.filter(line => line.length >= (lines.length === 1 ? leastLength : leastLine))
}

function keysOf(base64: string): string[] {
  const text = Buffer.from(base64, 'base64').toString('latin1')
  return text.startsWith('-----BEGIN') ? secretsIn(text) : []
}
