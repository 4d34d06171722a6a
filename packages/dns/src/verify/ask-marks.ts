import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { ownerRecordName } from '@meridian/identity'
import type { Plan } from '../plan/plan.ts'
import { readTexts } from '../records/txt-value.ts'
import type { Answer } from './ask-answer.ts'
import { askNameServers, type ServerAnswers } from './ask-name-servers.ts'
import type { NameServer } from './parse-name-server.ts'

/** No client subnet: a mark is the same for everybody. */
const anywhere = '0.0.0.0/0'

/**
 * A question that tells whether name servers know a plan's batch, by the owner TXT that it replaces or removes; undefined
 * where it leaves that as it was. The answer is undefined where no server can be asked.
 */
export function askWhetherKnown(
  signal: AbortSignal,
  fqdn: string,
  { rows }: Plan,
  servers: readonly NameServer[],
): (() => Promise<boolean | undefined>) | undefined {
  const mark = rows.find(({ record }) => record === 'owner')
  const wanted = textOf(mark?.after)
  if (mark === undefined || servers.length === 0 || wanted === textOf(mark.before)) return undefined
  const question = { fqdn: ownerRecordName(fqdn), type: 'TXT' as const }
  return async () => knowAll(await askNameServers(signal, servers, question, [anywhere]), wanted)
}

/** Whether all servers that have answered know a text, or that there is none; undefined where none has. Pure. */
export function knowAll(heard: readonly ServerAnswers[], wanted: string | undefined): boolean | undefined {
  const answers = heard.flatMap(one => ('answers' in one ? [...one.answers.values()] : []))
  if (answers.length === 0) return undefined
  const isKnown = ({ records, absent }: Answer) =>
    wanted === undefined ? absent === true : records.includes(wanted)
  return answers.every(isKnown)
}

const textOf = (set: ResourceRecordSet | undefined) => set && readTexts(set)[0]
