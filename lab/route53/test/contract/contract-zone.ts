import {
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type Route53Client,
} from '@aws-sdk/client-route-53'

/** A zone of its own for one case, reached through nothing but the API. */
export type ContractZone = {
  route53: Route53Client
  id: string
  /** Without final dot. */
  name: string
  change(...changes: Change[]): Promise<string>
  /** One batch per change. */
  build(...changes: Change[]): Promise<void>
  list(more?: object): Promise<ResourceRecordSet[]>
  /** `name type identifier` of everything but NS and SOA of the zone, names without the zone's. */
  names(): Promise<string[]>
}

let count = 0

export async function openContractZone(route53: Route53Client): Promise<ContractZone> {
  count += 1
  const name = `case-${count}.example.com`
  const created = await route53.send(
    new CreateHostedZoneCommand({ Name: name, CallerReference: `${name}-${process.pid}` }),
  )
  const id = (created.HostedZone?.Id ?? '').replace('/hostedzone/', '')
  const zone: ContractZone = {
    route53,
    id,
    name,
    async change(...Changes) {
      const command = new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes } })
      const { ChangeInfo } = await route53.send(command)
      return ChangeInfo?.Id ?? ''
    },
    async build(...changes) {
      for (const each of changes) await settled(route53, await zone.change(each))
    },
    async list(more = {}) {
      const listed = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: id, ...more }))
      return listed.ResourceRecordSets ?? []
    },
    async names() {
      const own = (await zone.list()).filter(record => record.Type !== 'NS' && record.Type !== 'SOA')
      return own.map(record =>
        [record.Name?.replace(`.${name}.`, ''), record.Type, record.SetIdentifier].filter(Boolean).join(' '),
      )
    },
  }
  return zone
}

/** Waits for INSYNC: the next change of the zone is accepted then. */
export async function settled(route53: Route53Client, Id: string): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const { ChangeInfo } = await route53.send(new GetChangeCommand({ Id: Id.replace('/change/', '') }))
    if (ChangeInfo?.Status === 'INSYNC') return
  }
  throw new Error(`change ${Id} did not become INSYNC`)
}
