import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A part of a test that this machine may lack: a command, and what it prints or how it begins if it is there. */
export type Part = { readonly name: string; readonly command: readonly string[]; readonly answer: RegExp }

export const kopsItself: Part = {
  name: 'kops 1.36.2',
  command: ['kops', 'version', '--short'],
  answer: /^1\.36\.2$/,
}

/** Whether a test must be skipped, which is said with what it lacks. */
export function lacks(parts: readonly Part[]): boolean {
  const missing = parts.filter(({ command, answer }) => !answer.test(answerOf(command)))
  if (missing.length > 0) console.log(`skipped: ${missing.map(({ name }) => name).join(' and ')} not found`)
  return missing.length > 0
}

function answerOf([command = '', ...args]: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}

/** Starts moto until the test ends, and resolves to what leads kops, an action and a client to it. */
export async function startMoto([command = '', ...args]: readonly string[]) {
  const free = createServer()
  await new Promise<void>(resolve => free.listen(0, '127.0.0.1', resolve))
  const url = address(free)
  await new Promise(resolve => free.close(resolve))
  const moto = spawn(command, [...args, '-H', '127.0.0.1', '-p', new URL(url).port], { stdio: 'ignore' })
  onTestFinished(() => void moto.kill())
  while (!(await isUp(`${url}/moto-api/`))) await new Promise(resolve => setTimeout(resolve, 100))
  const [key, secret, region] = ['AKIALABLABLABLABLAB1', 'secret-of-a-lab', 'us-east-1']
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: key,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_REGION: region,
    S3_ENDPOINT: url,
    S3_ACCESS_KEY_ID: key,
    S3_SECRET_ACCESS_KEY: secret,
    S3_REGION: region,
    KOPS_BASE_URL: await serveHashes(),
    KOPS_FEATURE_FLAGS: '-ImageDigest',
  }
}

/** Serves any hash that kops asks for, instead of its release's servers. */
async function serveHashes(): Promise<string> {
  const server = createServer((_, response) => response.end(`${'a'.repeat(64)}\n`))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `${address(server)}/binaries/kops/1.36.2/`
}

function address(server: { address(): unknown }): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function isUp(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
}
