import { type Mark, makeMark } from '@meridian/identity'
import type { Universe } from '@meridian/lab-universe'
import type { FaultedRequest } from '@meridian/lab-world'
import type { Row } from './cells.ts'
import {
  carried,
  clustersOf,
  environmentOf,
  federate,
  host,
  type Kind,
  manifest,
  openFederation,
  remark,
} from './federation-world.ts'
import { account, answerOf, type Relation, relationOf, shop } from './owners.ts'
import type { Run } from './run-here.ts'

/**
 * Runs that meet a federation of the clusters usa, its host, and eur. `whole` takes all of it out of its clusters, `hosts`
 * the clusters as well, `reap` too, since nobody wants them any more, `part` only eur, `app` only what was deployed;
 * `prune` federates usa alone, `redeploy` changes the app, and `empty` leaves nothing of it in its manifests.
 */
export type FederationColumn =
  | 'federate'
  | 'prune'
  | 'redeploy'
  | 'empty'
  | 'whole'
  | 'hosts'
  | 'part'
  | 'app'
  | 'reap'

const hosts = /^\S+\.pr-1\.k8s\.example\.com in \d+/
const app = new RegExp(`(${hosts.source}|^karmada on \\S+ in \\d+) (Namespace web$|\\S+ web )`)
const membership = new RegExp(
  [
    '^karmada on \\S+ in \\d+ Cluster eur$',
    '^karmada on \\S+ in \\d+ Secret karmada-cluster eur(-impersonator)?$',
    '^karmada on \\S+ in \\d+ (\\S+ )+karmada-es-eur( |$)',
    '^eur\\S+ in \\d+ (Namespace karmada-cluster$|\\S+ karmada-cluster )',
    '^eur\\S+ in \\d+ ClusterRole(Binding)? karmada-',
  ].join('|'),
)
/** The load balancer and the volume of the control plane are all that a federation has in AWS. */
const plane =
  /^usa\S+ in \d+ (Namespace karmada-system$|\S+ karmada-system |ClusterRole|PersistentVolume )|^karmada on | (load-balancer|network-interface|volume) /
const things: Record<Kind, RegExp> = {
  plane: /^usa\S+ in \d+ (Namespace karmada-system$|\S+ karmada-system )/,
  member: membership,
  // What was in eur goes with its membership.
  app: /^(?!eur).* (ConfigMap web web|PropagationPolicy web web-configmap)$/,
}
const anything = new RegExp(`${app.source}|${membership.source}|${plane.source}|karmada-(cluster|es-usa)`)

/** Worlds that rows share, by the domain of their runs. */
const shared = new Map<string, Universe>()

async function borrow(relation: Relation): Promise<Universe> {
  const { domain } = relation.run
  const universe = shared.get(domain) ?? (await openFederation(relation))
  shared.set(domain, universe)
  return universe
}

/** Where the control plane is gone, the next row has a new one. */
async function drop(universe: Universe, { run }: Relation): Promise<void> {
  shared.delete(run.domain)
  await universe.close()
}

export async function closeFederations(): Promise<void> {
  for (const universe of shared.values()) await universe.close()
  shared.clear()
}

/** The requests that read the marks of a kind. */
const readings: Record<Kind, { server: string; operation: RegExp }> = {
  plane: { server: host, operation: /^get configmaps$/ },
  member: { server: `karmada on ${host}`, operation: /^(get|list) clusters\./ },
  app: {
    server: `karmada on ${host}`,
    operation: /^(get|list) (configmaps|namespaces|propagationpolicies\..*)$/,
  },
}

const kinds: readonly Kind[] = ['plane', 'member', 'app']

/** A row of a table of planes, members or apps; all else in its world is the run's own. */
export function federationRow<Column extends FederationColumn>(kind: Kind, owner: string): Row<Column> {
  const relation = relationOf(owner)
  const mark = owner === 'mark garbled' ? 'garbled' : withoutAccount(kind, relation.mark)
  // A namespace is shared by all apps in it: the one of the run's own goes when nothing is left in it.
  const strange = kind === 'app' && !['ours', 'older'].includes(owner)
  const thing = strange ? new RegExp(`${things.app.source}|^(?!eur).* Namespace web$`) : things[kind]
  const own = makeMark({ ...relation.run, repository: shop, account })
  const answer = answerOf(owner)
  const { server, operation } = readings[kind]
  const concerns = (request: FaultedRequest) => operation.test(request.operation)
  const fault = { server, concerns, nth: 1, times: Number.POSITIVE_INFINITY }
  return {
    async open() {
      const universe = await borrow(relation)
      remark(universe, kind, mark)
      // Version 0.1 marked neither a control plane nor its members.
      if (owner === 'older' && kind !== 'plane') remark(universe, 'plane', mark)
      await carried(universe)
      return {
        universe,
        scene: () => ({ thing, beside: anything, words: relation.words }),
        async close(changed) {
          if (universe.clusters.federations().length === 0) return drop(universe, relation)
          for (const each of kinds) remark(universe, each, withoutAccount(each, own))
          if (changed) await federate(universe, relation)
        },
      }
    },
    run: async (column, { universe }) => ({
      ...runOf(column, universe, relation),
      env: await environmentOf(universe),
      ...(answer && { faults: [{ ...fault, failure: answer }] }),
    }),
  }
}

/** Only a member's mark says in which account it is. */
function withoutAccount(kind: Kind, mark: Mark | undefined): Mark | undefined {
  if (mark === undefined || kind === 'member') return mark
  const { account: _, ...rest } = mark
  return rest
}

function runOf(column: FederationColumn, { nameServer }: Universe, { run }: Relation): Run {
  const given = { domain: run.domain, environment: run.environment ?? '' }
  const both = { ...given, clusters: clustersOf('usa', 'eur') }
  const tearDown = (inputs: Record<string, string>): Run => ({
    action: 'teardown',
    inputs: { ...both, ...inputs },
  })
  const deploy = (text: string, inputs: Record<string, string> = {}): Run => ({
    action: 'deploy-federated-app',
    inputs: { ...both, manifests: 'app.yaml', namespace: 'web', app: 'default', ...inputs },
    files: { 'app.yaml': text },
  })
  const runs: Record<FederationColumn, Run> = {
    federate: { action: 'federate', inputs: both },
    prune: { action: 'federate', inputs: { ...given, clusters: clustersOf('usa'), prune: 'true' } },
    redeploy: deploy(manifest.replace('blue', 'green')),
    empty: deploy(manifest.replace('name: web', 'name: other'), { prune: 'true' }),
    whole: tearDown({ scope: 'dns,app,federation' }),
    hosts: tearDown({}),
    part: tearDown({
      clusters: clustersOf('eur'),
      host: '{name: usa, region: us-east-1}',
      scope: 'dns,app,federation',
    }),
    app: tearDown({ scope: 'app' }),
    reap: {
      action: 'teardown',
      inputs: { domain: run.domain, mode: 'reap', 'name-servers': nameServer },
    },
  }
  return runs[column]
}
