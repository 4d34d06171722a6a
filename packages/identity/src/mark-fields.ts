import type { Repository } from './identity.ts'
import { type Mark, type Reading, unmarked, unreadable } from './mark.ts'

/** A mark as flat texts, which every place that holds one can carry. Names are for good: releases read each other. */
export type Fields = Readonly<Record<string, string | undefined>>

/** Fields of a mark by their names in tags, TXT records and claim objects, without the prefixes of each. */
export function writeFields(mark: Mark): Record<string, string> {
  const { repository } = mark
  const fields: Fields = {
    schema: String(mark.schema),
    environment: mark.owner,
    domain: mark.domain,
    owner: repository?.name,
    'repository-id': repository?.id,
    cluster: mark.cluster,
    region: mark.region,
    account: mark.account,
    app: mark.app,
    federation: mark.federation,
    run: mark.run,
    'created-at': mark.createdAt,
    'expires-at': mark.expiresAt,
    version: mark.version,
    'pull-request': mark.pullRequest,
    unfinished: mark.unfinished,
  }
  // No place for a mark takes an empty value everywhere, and none of these fields means anything when empty.
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => !!field[1]))
}

/** Reads what `writeFields` of this or another release has written; `what` is named where it cannot be read. */
export function readFields(fields: Fields, what: string): Reading {
  const text = (name: string) => fields[name] || undefined
  const owner = text('environment')
  const number = text('schema') ?? '1'
  if (owner === undefined)
    return text('schema') === undefined ? unmarked : unreadable(`${what} names no environment`)
  if (!/^[1-9]\d{0,3}$/.test(number)) return unreadable(`${what} is of the schema '${number}'`)
  const schema = Number(number)
  if (schema >= 2 && text('domain') === undefined) return unreadable(`${what} names no domain`)
  const mark: Mark = {
    schema,
    owner,
    ...defined({
      domain: text('domain'),
      repository: readRepository(text('owner'), text('repository-id')),
      cluster: text('cluster'),
      region: text('region'),
      account: text('account'),
      app: text('app'),
      federation: text('federation'),
      createdAt: text('created-at'),
      expiresAt: text('expires-at'),
      pullRequest: text('pull-request'),
      run: text('run'),
      version: text('version'),
      unfinished: text('unfinished'),
    }),
  }
  return { kind: 'marked', mark }
}

function readRepository(name: string | undefined, id: string | undefined): Repository | undefined {
  return name === undefined && id === undefined ? undefined : { id: id ?? '', name: name ?? '' }
}

function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>
}
