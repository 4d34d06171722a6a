import type { CredentialSource } from '../aws-credentials.ts'
import { type Reply, type Sending, sendRequest } from '../send-request.ts'
import { ToolError } from '../terminal.ts'
import { signRequest } from './sign-request.ts'

export type Signer = { credentials: CredentialSource; region: string; service: string; retries: number }

const attempts = 4
/** Milliseconds of the longest first pause before a request that was throttled is sent again. */
const firstPause = 50
const clockCodes =
  /\b(RequestTimeTooSkewed|RequestExpired|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure)\b/

/** Milliseconds by which AWS's clock is ahead of this machine's, as far as answers have shown it. */
let ahead = 0

/**
 * Sends a signed request, again if the connection breaks, if the clock turns out to be wrong, or if it is throttled
 * or answered by a 5xx, as AWS's SDKs do. Throws `ToolError` when the network stays broken.
 */
export async function fetchSigned(signer: Signer, url: string, init: Sending): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    try {
      const reply = await sendPatiently(signer, new URL(url), init)
      if (attempt < attempts && (await showsWrongClock(reply))) continue
      return reply
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
      if (attempt < attempts) continue
      throw new ToolError(
        `exceeded maximum number of attempts, ${attempts}, request send failed, ${error.message}`,
      )
    }
  }
}

async function sendPatiently(signer: Signer, url: URL, init: Sending): Promise<Reply> {
  for (let retry = 0; ; retry++) {
    const headers = signRequest(url, init, signer, await signer.credentials(), stamp())
    const reply = await sendRequest(url, { ...init, headers })
    if (retry === signer.retries || (reply.status < 500 && reply.status !== 429)) return reply
    await new Promise(resolve => setTimeout(resolve, Math.random() * firstPause * 2 ** retry))
  }
}

async function showsWrongClock(reply: Reply): Promise<boolean> {
  const difference = Date.parse(reply.headers.get('date') ?? '') - Date.now()
  const wrong = Math.abs(difference - ahead) > 4 * 60_000
  if (reply.ok || !wrong || !clockCodes.test(await reply.text())) return false
  ahead = difference
  return true
}

// 20261126T022233Z
function stamp(): string {
  return new Date(Date.now() + ahead).toISOString().replace(/[-:]|\.\d+/g, '')
}
