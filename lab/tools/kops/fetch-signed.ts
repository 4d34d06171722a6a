import { AwsClient } from 'aws4fetch'
import type { CredentialSource } from '../aws-credentials.ts'
import { ToolError } from '../terminal.ts'

export type Signer = { credentials: CredentialSource; region: string; service: string; retries: number }

const attempts = 4
const clockCodes =
  /\b(RequestTimeTooSkewed|RequestExpired|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure)\b/

/** Milliseconds by which AWS's clock is ahead of this machine's, as far as answers have shown it. */
let ahead = 0

/**
 * Sends a signed request, again if the connection breaks or the clock turns out to be wrong, as AWS's SDKs do;
 * the client itself repeats what is throttled or answered by a 5xx. Throws `ToolError` when the network stays
 * broken.
 */
export async function fetchSigned(signer: Signer, url: string, init: RequestInit): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { credentials, ...scope } = signer
      const client = new AwsClient({ ...scope, ...(await credentials()) })
      const response = await client.fetch(url, { ...init, aws: { datetime: stamp() } })
      if (attempt < attempts && (await showsWrongClock(response))) continue
      return response
    } catch (error) {
      // fetch wraps every failure of the network into a TypeError with the failure as its cause.
      if (!(error instanceof TypeError)) throw error
      if (attempt < attempts) continue
      const reason = error.cause instanceof Error ? error.cause.message : error.message
      throw new ToolError(`exceeded maximum number of attempts, ${attempts}, request send failed, ${reason}`)
    }
  }
}

async function showsWrongClock(response: Response): Promise<boolean> {
  const difference = Date.parse(response.headers.get('date') ?? '') - Date.now()
  const wrong = Math.abs(difference - ahead) > 4 * 60_000
  if (response.ok || !wrong || !clockCodes.test(await response.clone().text())) return false
  ahead = difference
  return true
}

// 20261126T022233Z
function stamp(): string {
  return new Date(Date.now() + ahead).toISOString().replace(/[-:]|\.\d+/g, '')
}
