import {
  type Change,
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53'
import type { WorldOptions } from '@meridian/lab-world'
import { openAccount } from './open-account.ts'

/** An account with the zone example.com, and short ways to change and read it. */
export async function openZone(options?: WorldOptions) {
  const account = await openAccount(options)
  const zone = account.aws.route53.addZone('example.com')
  const commandOf = (Changes: Change[]) =>
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.id, ChangeBatch: { Changes } })
  const change = (...changes: Change[]) => account.route53.send(commandOf(changes))
  return {
    ...account,
    zone,
    change,
    /** A change whose client loses patience. */
    changeWithin: (abortSignal: AbortSignal, ...changes: Change[]) =>
      account.route53.send(commandOf(changes), { abortSignal }),
    /** One change after the other, each in its own batch, waiting until the zone is free again. */
    async build(...changes: Change[]) {
      for (const each of changes) {
        await change(each)
        await account.world.clock.sleep(1)
      }
    },
    /** `name type identifier` of everything but NS and SOA of the zone. */
    async names() {
      const listed = await account.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone.id }))
      return (listed.ResourceRecordSets ?? [])
        .filter(({ Type }) => Type !== 'NS' && Type !== 'SOA')
        .map(record => [record.Name, record.Type, record.SetIdentifier].filter(Boolean).join(' '))
    },
  }
}

const act = (Action: ChangeAction) => (ResourceRecordSet: ResourceRecordSet) => ({
  Action,
  ResourceRecordSet,
})
export const create = act('CREATE')
export const upsert = act('UPSERT')
export const remove = act('DELETE')

type Type = ResourceRecordSet['Type']

export function record(Name: string, Type: Type, ...values: string[]): ResourceRecordSet {
  return { Name, Type, TTL: 60, ResourceRecords: values.map(Value => ({ Value })) }
}

/** A latency record whose identifier is its region unless another is given. */
export function latency(
  Name: string,
  region: string,
  more: Partial<ResourceRecordSet> = {},
): ResourceRecordSet {
  return {
    ...record(Name, 'CNAME', `app.${region}.example.net`),
    Region: region as NonNullable<ResourceRecordSet['Region']>,
    SetIdentifier: region,
    ...more,
  }
}

/** Code and message of a refusal; throws when there is none. */
export async function refusalOf(
  promise: Promise<unknown>,
): Promise<{ name: string; message: string; status?: number }> {
  try {
    await promise
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const metadata = Reflect.get(error, '$metadata') as { httpStatusCode?: number } | undefined
    return { name: error.name, message: error.message, ...(metadata && { status: metadata.httpStatusCode }) }
  }
  throw new Error('AWS accepted what it had to refuse')
}
