import { readdir, readFile, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { createSecretLedger, type KnownSecret, type SecretLedger } from '@meridian/lab-world'

type Environment = Readonly<Record<string, string | undefined>>

const secretVariable = /SECRET|TOKEN|PASSWORD|PRIVATE_KEY/
const notSecretItself = /_FILE$|_URL$|^INPUT_/
const leastVariable = 16
const isProxy = /^https?_proxy$/i

/** What a process could know when it began: the secrets in its environment, and in the files that this names. */
export async function secretsBefore(env: Environment): Promise<SecretLedger> {
  const ledger = createSecretLedger()
  for (const [name, value = ''] of Object.entries(env)) {
    const secret = secretVariable.test(name) && !notSecretItself.test(name) && value.length >= leastVariable
    if (secret) ledger.add(name, value)
    else if (isProxy.test(name)) ledger.add(name, credentialsIn(value))
    else if (name.startsWith('INPUT_') && holdsCredentials(value)) ledger.add(name, value)
  }
  const files = [...(env.KUBECONFIG ?? '').split(delimiter), env.AWS_WEB_IDENTITY_TOKEN_FILE ?? '']
  for (const file of files.filter(Boolean)) ledger.add(file, await readFile(file, 'utf8').catch(() => ''))
  return ledger
}

/** What it can have learnt since: from the world that it lives in, and what it keeps in its own directory. */
export async function secretsAfter(env: Environment, temp: string): Promise<KnownSecret[]> {
  const ledger = createSecretLedger()
  for (const file of await readdir(temp, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    const path = join(file.parentPath, file.name)
    const text = await readSmallFile(path).catch(() => '')
    if (holdsCredentials(text)) ledger.add(path, text)
  }
  return [...ledger.all(), ...(await secretsOfWorld(env.MERIDIAN_WORLD ?? env.AWS_ENDPOINT_URL))]
}

/** `user:password` of a URL, '' where it has none. */
function credentialsIn(url: string): string {
  return /^\w+:\/\/(.*)@/.exec(url)?.[1] ?? ''
}

// Kubeconfigs and keys are small; what tools unpack beside them is not.
async function readSmallFile(path: string): Promise<string> {
  return (await stat(path)).size < 1_000_000 ? readFile(path, 'latin1') : ''
}

function holdsCredentials(text: string): boolean {
  return text.includes('client-key-data') || text.includes('PRIVATE KEY-----') || /\btoken: /.test(text)
}

async function secretsOfWorld(url: string | undefined): Promise<KnownSecret[]> {
  if (!url?.startsWith('http://127.0.0.1')) return []
  // Whatever else answers there is no world and knows no secrets; a world that has closed has told them before.
  const answer = await fetch(new URL('/_world/secrets', url)).catch(() => undefined)
  return answer?.ok ? ((await answer.json()) as KnownSecret[]) : []
}
