import { BlockList, isIPv6 } from 'node:net'
import type { Answer } from './ask-answer.ts'
import type { ServerAnswers } from './ask-name-servers.ts'

/**
 * Leaves out what proves nothing of one city: an answer that does not go by the client subnet is the same for
 * everybody, and one whose scope takes in another city, which is answered otherwise, would be kept by a resolver for
 * that city too. Only a group of one region has one answer for all. Pure.
 */
export function trustAnswers(
  servers: readonly ServerAnswers[],
  groupSize: number,
): { servers: ServerAnswers[]; distrusted: string[] } {
  if (groupSize <= 1) return { servers: [...servers], distrusted: [] }
  const distrusted: string[] = []
  const trusted = servers.map(one => {
    if (!('answers' in one)) return one
    const proving = [...one.answers].filter(([subnet, answer]) => isProof(subnet, answer, one.answers))
    if (proving.length < one.answers.size) distrusted.push(one.server)
    return { ...one, answers: new Map(proving) }
  })
  return { servers: trusted, distrusted }
}

function isProof(subnet: string, answer: Answer, all: ReadonlyMap<string, Answer>): boolean {
  if (answer.problem !== undefined) return true
  if (answer.scope === undefined) return false
  const scope = networkOf(subnet, answer.scope)
  return ![...all].some(
    ([other, { records, problem }]) =>
      problem === undefined &&
      contains(scope, other) &&
      !records.some(record => answer.records.includes(record)),
  )
}

function networkOf(subnet: string, bits: number): BlockList {
  const [ip = ''] = subnet.split('/')
  const network = new BlockList()
  network.addSubnet(ip, bits, isIPv6(ip) ? 'ipv6' : 'ipv4')
  return network
}

function contains(network: BlockList, subnet: string): boolean {
  const [ip = ''] = subnet.split('/')
  return network.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')
}
