import { TestDNSAnswerCommand } from '@aws-sdk/client-route-53'
import { isThrottling } from '@meridian/aws'
import { messageOf, type Patience, retry } from '@meridian/runner'
import { normalizeName } from './name.ts'
import type { Route53 } from './route53.ts'

export type Answer = { readonly records: readonly string[]; readonly problem?: string }

export type Question = { readonly fqdn: string; readonly type: 'A' | 'CNAME' }

/** Asks Route 53 what it answers to a client of `subnet` (`a.b.c.d/24`). */
export async function askAnswer(
  patience: Patience,
  route53: Route53,
  zoneId: string,
  question: Question,
  subnet: string,
): Promise<Answer> {
  const [address, mask] = subnet.split('/')
  const command = new TestDNSAnswerCommand({
    HostedZoneId: zoneId,
    RecordName: question.fqdn,
    RecordType: question.type,
    EDNS0ClientSubnetIP: address,
    EDNS0ClientSubnetMask: mask,
  })
  const answer = await retry(patience, {
    what: `asking for ${subnet}`,
    attempt: () => route53.send(command),
    retryable: isThrottling,
  })
  const records = (answer.RecordData ?? []).map(normalizeName)
  if (answer.ResponseCode !== 'NOERROR') return { records, problem: `answered ${answer.ResponseCode}` }
  return records.length > 0 ? { records } : { records, problem: 'answered without a record' }
}

/** The same, with an error as the answer's problem: one city's failure leaves the others standing. */
export async function askQuietly(...args: Parameters<typeof askAnswer>): Promise<Answer> {
  try {
    return await askAnswer(...args)
  } catch (error) {
    args[0].signal.throwIfAborted()
    return { records: [], problem: messageOf(error) }
  }
}
