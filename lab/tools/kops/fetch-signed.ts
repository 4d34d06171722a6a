import type { AwsClient } from 'aws4fetch'
import { ToolError } from '../terminal.ts'

const attempts = 4

/**
 * Sends a signed request, again if the connection breaks, as AWS's SDKs do; the client itself repeats what is
 * throttled or answered by a 5xx. Throws `ToolError` when the network stays broken.
 */
export async function fetchSigned(client: AwsClient, url: string, init: RequestInit): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.fetch(url, init)
    } catch (error) {
      // fetch wraps every failure of the network into a TypeError with the failure as its cause.
      if (!(error instanceof TypeError)) throw error
      if (attempt < attempts) continue
      const reason = error.cause instanceof Error ? error.cause.message : error.message
      throw new ToolError(`exceeded maximum number of attempts, ${attempts}, request send failed, ${reason}`)
    }
  }
}
