import { TestDNSAnswerCommand } from '@aws-sdk/client-route-53'
import type { Route53 } from '../route53.ts'
import { normalizeName } from '../zone/name.ts'

export type Answer = {
  readonly records: readonly string[]
  readonly problem?: string
  /** The zone's own word that nothing of that name exists. */
  readonly absent?: true
  /** How many bits of the client subnet the answer is for (RFC 7871); absent where it does not go by it. */
  readonly scope?: number
}

export type Question = { readonly fqdn: string; readonly type: 'A' | 'CNAME' | 'TXT' }

/** Asks Route 53 what it answers to a client of `subnet` (`a.b.c.d/24`). */
export async function askAnswer(
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
  const answer = await route53.send(command)
  const records = (answer.RecordData ?? []).map(normalizeName)
  if (answer.ResponseCode !== 'NOERROR') return { records, problem: `answered ${answer.ResponseCode}` }
  return records.length > 0 ? { records } : { records, problem: tellEmptiness(question.type) }
}

/** An alias whose load balancer is gone, or never was, is answered with nothing. */
export function tellEmptiness(type: Question['type']): string {
  return type === 'A'
    ? 'answered without an address: does the load balancer exist?'
    : 'answered without a record'
}
