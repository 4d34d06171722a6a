import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53'
import { applyGroup, planGroup, readGroup } from '@meridian/dns'
import type { Identity } from '@meridian/identity'
import type { Universe } from '@meridian/lab-universe'
import { testJob } from '@meridian/runner/testing'

export type TestZone = {
  /** Writes a latency group as latency-dns does for somebody. */
  write(
    fqdn: string,
    identity: Identity,
    regions?: readonly string[],
    more?: { ttl?: number; target?: string },
  ): Promise<void>
  regionsOf(fqdn: string): Promise<string[]>
  /** Types of everything at a name and at that of its mark. */
  everythingAt(fqdn: string): Promise<string[]>
  close(): void
}

/** The hosted zone of the lab's domain. */
export function openZone(universe: Universe): TestZone {
  const { env, zone } = universe
  const client = new Route53Client({
    endpoint: env.AWS_ENDPOINT_URL ?? '',
    region: 'us-east-1',
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    },
  })
  return {
    async write(fqdn, identity, regions = ['us-east-1'], { ttl = 60, target } = {}) {
      const records = regions.map(region => ({
        kind: 'cname' as const,
        region,
        target: target ?? `${region}.example.net`,
        ttl,
      }))
      const wish = { fqdn, identity, records, adopt: false, maxDeletes: 1, minRegions: 1 }
      const decide = async () => planGroup(wish, await readGroup(client, zone, fqdn))
      await applyGroup(testJob(), client, zone, await decide(), decide)
    },
    async regionsOf(fqdn) {
      const { records } = await readGroup(client, zone, fqdn)
      return records.flatMap(({ Region }) => Region ?? []).sort()
    },
    async everythingAt(fqdn) {
      const { ResourceRecordSets = [] } = await client.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: zone.id }),
      )
      return ResourceRecordSets.filter(({ Name }) => Name?.endsWith(`${fqdn}.`)).flatMap(
        ({ Type }) => Type ?? [],
      )
    },
    close: () => client.destroy(),
  }
}
