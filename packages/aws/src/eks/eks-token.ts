import { UserError } from '@meridian/runner'
import type { AwsCredentialIdentity } from '@smithy/types'
import { AwsV4Signer } from 'aws4fetch'
import { dnsSuffix } from '../regions/regions.ts'
import { stamp } from '../requests/signed-request.ts'

/** A cluster by what EKS's verifier checks: the name is signed in, and the region's STS is asked. */
export type EksPlace = { readonly region: string; readonly eksName: string }

/** The verifier reads no more; bytes. */
const longest = 4096

/**
 * A token by which EKS's API servers know who the credentials are of, made without asking anybody: a request for
 * GetCallerIdentity, signed in its URL, which the API server sends to STS. The verifier (aws-iam-authenticator) takes it
 * for 15 minutes from its date whatever `X-Amz-Expires` says, only on STS's own hosts (so never an endpoint of one's own),
 * and only with these parameters and headers. `at` is the date, as a signature has it.
 */
export async function eksToken(
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentialIdentity,
  { region, eksName }: EksPlace,
  at: string = stamp(),
): Promise<string> {
  const host = `sts.${region}.${dnsSuffix(region)}`
  const signer = new AwsV4Signer({
    url: `https://${host}/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires=60`,
    headers: { 'x-k8s-aws-id': eksName },
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    service: 'sts',
    region,
    datetime: at,
    signQuery: true,
  })
  const { url } = await signer.sign()
  const token = `k8s-aws-v1.${Buffer.from(url.href).toString('base64url')}`
  if (token.length <= longest) return token
  throw new UserError(`the session's token is too long for EKS: ${token.length} of ${longest} bytes`, {
    fix: 'Assume the role with fewer session tags or session policies: they are what makes the token of a session long.',
    input: 'role-to-assume',
  })
}
