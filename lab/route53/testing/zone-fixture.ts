import {
  type Change,
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53'
import type { WorldOptions } from '@meridian/lab-world'
import { openRoute53, type Route53World } from './open-route53.ts'

/** The zone example.com, in a world with nothing but Route 53. */
export const openZone = async (options?: WorldOptions) => withZone(await openRoute53(options))

/** An account with the zone example.com, and short ways to change and read it. */
export function withZone<Account extends Route53World>(account: Account) {
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
