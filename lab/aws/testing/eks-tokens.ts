import { AwsClient } from 'aws4fetch'

export type Signer = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

export type TokenOptions = {
  /** Its name is signed; undefined for none. */
  cluster?: string
  region?: string
  /** Of the credential scope, if it is another one. */
  scope?: string
  host?: string
  /** What the URL has before it is signed. */
  search?: string
  url?: string
  /** Milliseconds since the epoch at which it is signed. */
  at?: number
}

/** A token as clients make it: the base64 of a presigned request to STS, with the cluster's name signed in. */
export async function makeToken(signer: Signer, options: TokenOptions = {}): Promise<string> {
  const { region = 'us-east-1', scope = region, host = `sts.${region}.amazonaws.com` } = options
  const {
    search = 'Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires=60',
    url = `https://${host}/?${search}`,
    cluster,
    at = Date.now(),
  } = options
  const datetime = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')
  const client = new AwsClient({ ...signer, service: 'sts', region: scope })
  const signed = await client.sign(url, {
    headers: cluster === undefined ? {} : { 'x-k8s-aws-id': cluster },
    aws: { signQuery: true, datetime, allHeaders: true },
  })
  return encodeToken(signed.url)
}

export const encodeToken = (url: string): string => `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`
export const urlOfToken = (token: string): string =>
  Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString()

/** Whom a universe's environment lets somebody be. */
export function signerOf({ env }: { env: Record<string, string> }): Signer {
  return { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' }
}
