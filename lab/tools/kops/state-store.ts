import { createHash } from 'node:crypto'
import { type CredentialSource, credentialSource } from '../aws-credentials.ts'
import type { Environment } from '../command.ts'
import type { Sending } from '../send-request.ts'
import { ToolError } from '../terminal.ts'
import { fetchSigned, type Signer } from './fetch-signed.ts'
import { openFileStore } from './file-store.ts'
import type { StateStore } from './store.ts'

type Sent = { status: number; text: string; requestId: string }

/** As AWS's SDK for Go introduces itself, with the application that the environment names. */
export function userAgentOf({ AWS_SDK_UA_APP_ID: application }: Environment): string {
  return `kops/1.36.2 aws-sdk-go-v2/1.41.5${application ? ` app/${application}` : ''}`
}

/** Opens `s3://bucket/folder` with the endpoint and credentials of the environment, or a `file:///directory`. */
export async function openStateStore(location: string, env: Environment): Promise<StateStore> {
  if (location.startsWith('file:///')) return openFileStore(location)
  const { bucket, folder } = placeOf(location)
  const keyOf = (path: string) => folder + path
  const { endpoint, signer } = await connect(bucket, env)

  async function send(method: string, path: string, init: Sending = {}): Promise<Sent> {
    const headers = { 'user-agent': userAgentOf(env), ...init.headers }
    const response = await fetchSigned(signer, `${endpoint}/${bucket}${path}`, { ...init, method, headers })
    const text = await response.text()
    return { status: response.status, text, requestId: response.headers.get('x-amz-request-id') ?? '' }
  }
  const base = `s3://${bucket}/${folder}`.replace(/\/$/, '')
  // kops leaves the encryption to a bucket that has one by default.
  let byDefault: Promise<boolean> | undefined

  return {
    base,
    async read(path) {
      const sent = await send('GET', `/${encodePath(keyOf(path))}`)
      if (sent.status === 404 && codeOf(sent) === 'NoSuchKey') return undefined
      if (sent.status >= 300) throw failed(`error fetching ${base}/${path}`, 'GetObject', sent)
      return sent.text
    },
    async write(path, content) {
      byDefault ??= send('GET', '?encryption').then(({ status }) => status < 300)
      const headers: Record<string, string> = (await byDefault)
        ? {}
        : { 'x-amz-server-side-encryption': 'AES256' }
      const sent = await send('PUT', `/${encodePath(keyOf(path))}`, { body: content, headers })
      if (sent.status >= 300) throw failed(`error writing ${base}/${path}`, 'PutObject', sent)
    },
    async list(prefix) {
      const keys = await listAll(`s3://${bucket}`, keyOf(prefix), query => send('GET', `?${query}`))
      return keys.map(key => key.slice(folder.length))
    },
    async remove(paths) {
      for (let start = 0; start < paths.length; start += 1000) {
        const body = deleteRequest(paths.slice(start, start + 1000).map(keyOf))
        const headers = { 'content-md5': createHash('md5').update(body).digest('base64') }
        const sent = await send('POST', '?delete', { body, headers })
        if (sent.status >= 300) throw failed(`error removing ${base}`, 'DeleteObjects', sent)
      }
    },
  }
}

/** The folder has a final slash unless it is the bucket itself. */
function placeOf(location: string): { bucket: string; folder: string } {
  if (location === '') {
    throw new ToolError(
      'State Store: Required value: Please set the --state flag or export KOPS_STATE_STORE.\n' +
        'For example, a valid value follows the format s3://<bucket>.\n' +
        'You can find the supported stores in https://kops.sigs.k8s.io/state.',
    )
  }
  const [, bucket, path = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(location) ?? []
  if (bucket === undefined) {
    throw new ToolError(`State Store: Invalid value: ${JSON.stringify(location)}: unable to read state store`)
  }
  const folder = path.replace(/\/$/, '')
  return { bucket, folder: folder === '' ? '' : `${folder}/` }
}

type Connection = { endpoint: string; signer: Signer }

async function connect(bucket: string, env: Environment): Promise<Connection> {
  const { S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = env
  const region = env.S3_REGION ?? env.AWS_REGION ?? 'us-east-1'
  const given = S3_ENDPOINT ?? env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL
  const endpoint = (given ?? `https://s3.${region}.amazonaws.com`).replace(/\/$/, '')
  const credentials: CredentialSource =
    S3_ENDPOINT && S3_ACCESS_KEY_ID && S3_SECRET_ACCESS_KEY
      ? async () => ({ accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY })
      : credentialSource(env, env.AWS_ENDPOINT_URL_STS ?? env.AWS_ENDPOINT_URL ?? endpoint)
  const signerIn = (where: string): Signer => ({ credentials, region: where, service: 's3', retries: 4 })
  if (S3_ENDPOINT) return { endpoint, signer: signerIn(region) }
  const found = await findBucketRegion(bucket, userAgentOf(env), { endpoint, signer: signerIn(region) })
  return { endpoint, signer: signerIn(found) }
}

/** Whatever AWS_REGION says, kops asks where the bucket is; of a bucket that cannot be asked it learns later. */
async function findBucketRegion(
  bucket: string,
  agent: string,
  { endpoint, signer }: Connection,
): Promise<string> {
  const response = await fetchSigned(signer, `${endpoint}/${bucket}?location`, {
    headers: { 'user-agent': agent },
  })
  const constraint = response.ok ? element(await response.text(), 'LocationConstraint') : undefined
  return constraint || 'us-east-1'
}

async function listAll(
  base: string,
  prefix: string,
  send: (query: string) => Promise<Sent>,
): Promise<string[]> {
  const paths: string[] = []
  let token: string | undefined
  do {
    const query = new URLSearchParams({
      'list-type': '2',
      prefix,
      ...(token && { 'continuation-token': token }),
    })
    const sent = await send(query.toString())
    if (sent.status >= 300) throw failed(`error listing ${base}/${prefix}`, 'ListObjectsV2', sent)
    for (const [, key = ''] of sent.text.matchAll(/<Key>([^<]*)<\/Key>/g)) paths.push(unescapeXml(key))
    token = element(sent.text, 'NextContinuationToken')
  } while (token !== undefined)
  return paths
}

function failed(doing: string, operation: string, { status, text, requestId }: Sent): ToolError {
  const code = codeOf({ text }) ?? 'UnknownError'
  const cause = code.startsWith('NoSuch')
    ? `${code}: `
    : `api error ${code}: ${element(text, 'Message') ?? ''}`
  return new ToolError(
    `${doing}: operation error S3: ${operation}, https response error StatusCode: ${status}, RequestID: ${requestId}, HostID: , ${cause}`,
  )
}

const codeOf = ({ text }: { text: string }) => element(text, 'Code')

function element(xml: string, name: string): string | undefined {
  const value = new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`).exec(xml)?.[1]
  return value === undefined ? undefined : unescapeXml(value)
}

const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/')

function deleteRequest(paths: readonly string[]): string {
  const objects = paths.map(path => `<Object><Key>${escapeXml(path)}</Key></Object>`).join('')
  return `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${objects}</Delete>`
}

const escapeXml = (text: string) => text.replace(/[<>&"']/g, letter => `&#${letter.charCodeAt(0)};`)

function unescapeXml(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal))
    return hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : (named[name] ?? whole)
  })
}
