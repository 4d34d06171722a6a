import { ChangeResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53'
import { connectAws } from '@meridian/aws'
import { route53 } from '@meridian/aws/clients'
import { type Identity, makeMark, objectAnnotations } from '@meridian/identity'
import { type Binding, buildPropagationPolicy, connectFederation } from '@meridian/karmada'
import { connectKube, refOf } from '@meridian/kube'
import { type LabClusters, startClusters, until, writesOf } from '@meridian/lab-universe/testing'
import { messageOf } from '@meridian/runner'
import { testJob } from '@meridian/runner/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attempt } from './in-process.ts'

const names = ['usa', 'eur'] as const
let lab: LabClusters
const identity = (): Identity => ({ domain: lab.universe.domain, repository: { id: '1001', name: 'o/r' } })
const stranger = (): Identity => ({ ...identity(), repository: { id: '2002', name: 'globex/shop' } })
const federation = () => lab.universe.clusters.federations()[0]?.store
const members = () =>
  federation()
    ?.list('Cluster')
    .map(({ metadata }) => metadata.name)

/** What the run would have written is compared with what it has: nothing. */
async function refused(given: Promise<{ error: unknown }>): Promise<string> {
  const before = writesOf(lab.universe, 'federate')
  const { error } = await given
  expect(writesOf(lab.universe, 'federate')).toEqual(before)
  expect(error).toBeDefined()
  return messageOf(error)
}

describe('pruning', () => {
  beforeAll(async () => {
    lab = await startClusters(names)
    expect((await attempt(lab, names)).error).toBeUndefined()
  })
  afterAll(() => lab.close())

  const prune = (inputs: Record<string, string> = {}) => attempt(lab, ['usa'], { prune: 'true', ...inputs })
  const record: ResourceRecordSet = {
    Name: `hugo-fed.k8s.example.com.`,
    Type: 'CNAME',
    TTL: 60,
    SetIdentifier: 'eu-west-1',
    Region: 'eu-west-1',
    ResourceRecords: [{ Value: 'lb.eu-west-1.example.net' }],
  }

  async function change(Action: 'CREATE' | 'DELETE', set: ResourceRecordSet): Promise<void> {
    const client = route53(await connectAws(testJob({ env: lab.universe.env }), {}))
    const Changes = [{ Action, ResourceRecordSet: set }]
    await client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: lab.universe.zone.id, ChangeBatch: { Changes } }),
    )
  }

  test.each(['false', 'true'])(
    'is refused while a record leads to the region (dry-run: %s)',
    async dryRun => {
      await change('CREATE', record)
      expect(await refused(prune({ 'dry-run': dryRun }))).toContain('hugo-fed.k8s.example.com leads to eur')
      await change('DELETE', record)
    },
  )

  test('leaves a member that a run in another account has joined', async () => {
    const mark = (owner: Identity) =>
      federation()?.modify('Cluster', undefined, 'eur', draft => {
        draft.metadata.annotations = objectAnnotations(makeMark(owner))
      })
    mark({ ...identity(), account: '444455556666' })
    const { error, job } = await prune()
    expect([error, job.outputs.unjoined, members()]).toEqual([undefined, [], ['eur', 'usa']])
    mark({ ...identity(), account: lab.universe.world.accountId })
  })

  /** The app of another repository, with a load balancer in each member. */
  async function deployTheirs(): Promise<string> {
    const job = testJob({ env: lab.env })
    const host = connectKube(await lab.universe.kubeconfig(), { ...job, context: 'usa' })
    const kube = await connectFederation(job, host, 'fed')
    const annotations = objectAnnotations(makeMark({ ...stranger(), app: 'web' }))
    const metadata = { namespace: 'default', name: 'theirs', annotations }
    const spec = { type: 'LoadBalancer', ports: [{ port: 80 }] }
    const service = { apiVersion: 'v1', kind: 'Service', metadata, spec }
    const policy = buildPropagationPolicy(refOf(service), { mode: 'even', clusters: names })
    await kube.apply({ ...policy, metadata: { ...policy.metadata, annotations } })
    await kube.apply(service)
    let found: string | undefined
    await until(() => {
      const [binding] = federation()?.list('ResourceBinding') ?? []
      const { aggregatedStatus = [] } = (binding?.status ?? {}) as NonNullable<Binding['status']>
      const eur = aggregatedStatus.find(({ clusterName }) => clusterName === 'eur')
      found = eur?.status?.loadBalancer?.ingress?.[0]?.hostname
      return found !== undefined
    })
    return found ?? ''
  }

  test('names the app of others that leaves with a member, and is refused while a name leads to it', async () => {
    const hostname = await deployTheirs()
    const { job } = await prune({ 'dry-run': 'true' })
    expect(job.summaries.join()).toMatch(/Service default\/theirs in eur .*globex\/shop/)
    // By where it leads, whatever region it is for.
    const led: ResourceRecordSet = {
      ...record,
      Region: 'ap-northeast-1',
      ResourceRecords: [{ Value: hostname }],
    }
    await change('CREATE', led)
    expect(await refused(prune())).toContain('hugo-fed.k8s.example.com leads to eur')
    await change('DELETE', led)
  })

  test('is refused where it cannot be known whether one does', async () => {
    for (const fault of ['deny:route53:ListResourceRecordSets', 'proxy-404:route53:ListResourceRecordSets']) {
      lab.universe.world.faults.begin(fault)
      const words = await refused(prune())
      expect(words).toMatch(/may not be read|was answered 404 by something that is not AWS/)
      lab.universe.world.faults.end(fault.split(':')[0] ?? '')
      lab.universe.world.faults.requests.clear()
    }
    expect(members()).toEqual(['eur', 'usa'])
  })

  test('goes on when none does any more', async () => {
    const { error, job } = await prune()
    expect([error, job.outputs.unjoined]).toEqual([undefined, ['eur']])
    expect(job.lines.join('\n')).toMatch(/what runs there of others: Service default\/theirs in eur/)
  })
})
