import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Universe } from '@meridian/lab-universe'
import { type Run, runHere } from '../ownership/run-here.ts'
import { right, type Step } from './step.ts'

/** A step that only a world can tell to be wrong. */
export type WorldStep = Step & {
  readonly env?: Readonly<Record<string, string>>
  readonly faults?: Run['faults']
  readonly files?: Run['files']
  /** Something had to be made before it could be known. */
  readonly tooLate?: true
}

/** What the run says that a step ends with; one that could have been refused before must have left the world as it was. */
export async function messageOfRun(universe: Universe, step: WorldStep): Promise<string> {
  const { action, inputs, env, faults, files, tooLate } = step
  const { error, differences } = await runHere(universe, {
    action,
    inputs: { ...right[action], ...inputs },
    ...(env && { env }),
    ...(faults && { faults }),
    files: files ?? { 'app.yaml': configMap },
  })
  if (error === undefined) throw new Error('nothing was wrong with this step')
  if (differences.length > 0 && !tooLate) throw new Error(`it has changed ${differences.join()}\n${error}`)
  return error
}

export const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n'

/** An environment whose job has no keys. */
export const keyless = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }

type Refusal = { readonly code: string; readonly message: string; readonly status?: number }

/**
 * Does something while AWS refuses every request in the same words, which the lab has no cause for: it checks no secret, and
 * every account of it has GitHub's provider. Identity tokens are to be had there too.
 */
export async function whileRefused<T>(
  { code, message, status = 403 }: Refusal,
  work: (env: Record<string, string>) => Promise<T>,
): Promise<T> {
  const id = '11112222-3333-4444-5555-666677778888'
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`
  const own = code === 'AuthFailure'
  const body = own
    ? `<Response><Errors>${error}</Errors><RequestID>${id}</RequestID></Response>`
    : `<ErrorResponse>${error}<RequestId>${id}</RequestId></ErrorResponse>`
  const claims = Buffer.from('{"sub":"repo:acme/shop:ref:refs/heads/main"}').toString('base64url')
  const server = createServer((request, response) => {
    request.resume()
    const token = request.url?.startsWith('/id-token')
    response.writeHead(token ? 200 : status, { 'content-type': 'text/xml', 'x-amzn-requestid': id })
    response.end(token ? JSON.stringify({ value: `e30.${claims}.x` }) : body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    return await work({
      AWS_ENDPOINT_URL: url,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/id-token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a-bearer',
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
