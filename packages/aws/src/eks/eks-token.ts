import { UserError } from '@meridian/runner'
import { Sha256 } from '@smithy/core/checksum'
import { SignatureV4 } from '@smithy/signature-v4'
import type { AwsCredentialIdentity } from '@smithy/types'
import { dnsSuffix } from '../regions/regions.ts'
import { now } from '../requests/signed-request.ts'

/** A cluster by what EKS's verifier checks: the name is signed in, and the region's STS is asked. */
export type EksPlace = { readonly region: string; readonly eksName: string }

/** The verifier reads no more; bytes. */
const longest = 4096

/**
 * A token by which EKS's API servers know who the credentials are of, made without asking anybody: a request for
 * GetCallerIdentity, signed in its URL, which the API server sends to STS. The verifier (aws-iam-authenticator) takes it
 * for 15 minutes from its date whatever `X-Amz-Expires` says, only on STS's own hosts (so never an endpoint of one's own),
 * and only with these parameters and headers. `at` is its date.
 */
export async function eksToken(
  credentials: AwsCredentialIdentity,
  { region, eksName }: EksPlace,
  at = now(),
): Promise<string> {
  const hostname = `sts.${region}.${dnsSuffix(region)}`
  const signer = new SignatureV4({ credentials, service: 'sts', region, sha256: Sha256 })
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: hostname, 'x-k8s-aws-id': eksName },
    },
    { signingDate: at, expiresIn: 60 },
  )
  const url = `https://${hostname}/?${new URLSearchParams(query as Record<string, string>)}`
  const token = `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`
  if (token.length <= longest) return token
  throw new UserError(`the session's token is too long for EKS: ${token.length} of ${longest} bytes`, {
    fix: 'Assume the role with fewer session tags or session policies: they are what makes the token of a session long.',
    input: 'role-to-assume',
  })
}
