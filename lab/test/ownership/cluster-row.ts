import { parseStore } from '@meridian/identity'
import type { Row, World } from './cells.ts'
import {
  clusterPlaces,
  ensureSecond,
  longAgo,
  openClusterWorld,
  type Place,
  secondPlaces,
  usa,
} from './cluster-world.ts'
import { answerOf, relationOf } from './owners.ts'
import type { Run } from './run-here.ts'

/**
 * Runs that meet a cluster: `whole` names it and a second one of the environment, which is the run's own for certain,
 * `part` the first alone, and `beside` only the second. By their marks the lives of both are over: a reaper acts for each
 * environment of its repository at or below its domain, whatever it is called. There is no federation that `deploy` could
 * use.
 */
export type ClusterColumn = 'create' | 'federate' | 'deploy' | 'dns' | 'whole' | 'part' | 'beside' | 'reap'

const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {color: blue}\n'
const usable = ['ours', 'older', 'unclaimed']
const records = /zone \S+ \S+ (_meridian\.)?app\.pr-1/
const besides = new RegExp(`${secondPlaces.source}|${records.source}`)

/** A row of a table of clusters, whose state is in a store of their own or in a shared one. */
export function clusterRow<Column extends ClusterColumn>(owner: string, place: Place): Row<Column> {
  const relation = relationOf(owner)
  const given = { domain: relation.run.domain, environment: relation.run.environment ?? '' }
  const first = `{name: usa, region: us-east-1, stateStore: "${place.store}"}`
  const second = '{name: eur, region: eu-west-1}'
  const tearDown = (inputs: Record<string, string>): Run => ({
    action: 'teardown',
    inputs: { ...given, ...inputs },
  })
  const runs: Record<ClusterColumn, Run> = {
    create: {
      action: 'create-cluster',
      inputs: { ...given, name: 'usa', zones: 'us-east-1a', 'node-count': '2', 'state-store': place.store },
    },
    federate: { action: 'federate', inputs: { ...given, clusters: `[${first}]` } },
    deploy: {
      action: 'deploy-federated-app',
      inputs: { ...given, clusters: `[${first}]`, manifests: 'app.yaml' },
      files: { 'app.yaml': manifest },
    },
    dns: {
      action: 'latency-dns',
      inputs: {
        ...given,
        record: 'app',
        endpoints: 'us-east-1: a.example.net',
        wait: 'false',
        verify: 'false',
      },
    },
    whole: tearDown({ clusters: `[${first}, ${second}]` }),
    part: tearDown({ clusters: `[${first}]` }),
    beside: tearDown({ clusters: `[${second}]` }),
    reap: tearDown({ mode: 'reap', environment: '', ...(place.shared && { 'state-stores': place.store }) }),
  }
  const answer = answerOf(owner)
  const { path } = parseStore(place.store)
  const claim = path === '' ? `${usa}.claim.json` : `${path}/${usa}.claim.json`
  return {
    async open() {
      const options = {
        serving: usable.includes(owner),
        garbled: owner === 'mark garbled',
        expiresAt: owner === 'living' ? '2126-01-01T00:00:00Z' : longAgo,
      }
      const universe = await openClusterWorld(relation, place, options)
      const bucket = !place.shared && owner !== 'older'
      return {
        universe,
        scene: () => ({
          thing: clusterPlaces(universe, place, bucket),
          beside: besides,
          lasting: besides,
          words: relation.words,
        }),
        close: universe.close,
      }
    },
    restore: ({ universe }: World) => ensureSecond(universe, relation),
    run: (column, { universe }) => ({
      ...runs[column],
      ...(column === 'reap' && { inputs: { ...runs.reap.inputs, 'name-servers': universe.nameServer } }),
      ...(answer && {
        faults: [
          { failure: answer, service: 's3', operation: 'GetObject', key: claim, nth: 1, times: Infinity },
        ],
      }),
    }),
  }
}
