import type { Universe } from '@meridian/lab'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  clusterPlaces,
  ensureSecond,
  openClusterWorld,
  type Place,
  places,
  secondPlaces,
  usa,
} from './cluster-world.ts'
import { type Relation, relations } from './owners.ts'
import { type Run, runHere } from './run-here.ts'
import { expectOutcome, type Outcome, readTable } from './table.ts'

afterEach(() => void vi.unstubAllEnvs())

const columns = ['create', 'federate', 'deploy', 'dns', 'whole', 'part', 'beside', 'reap'] as const
type Column = (typeof columns)[number]

const table = readTable(
  columns,
  `
                     create     federate   deploy   dns        whole    part     beside     reap
  ours               changed    ·          ·        untouched  gone     gone     untouched  gone
  older              changed    ·          ·        untouched  gone     gone     untouched  gone
  unclaimed          untouched  ·          ·        untouched  refused  refused  untouched  untouched
  other environment  refused    refused    ·        untouched  refused  refused  untouched  untouched
  domain below       refused    refused    ·        untouched  refused  refused  untouched  untouched
  domain above       refused    refused    ·        untouched  refused  refused  untouched  untouched
  other repository   refused    refused    ·        untouched  refused  refused  untouched  untouched
  its namesake       refused    refused    ·        untouched  refused  refused  untouched  untouched
  other account      refused    refused    ·        untouched  refused  refused  untouched  untouched
`,
)

function runOf(column: Column, relation: Relation, place: Place, universe: Universe): Run {
  const both = `[{name: usa, region: us-east-1, stateStore: "${place.store}"}, {name: eur, region: eu-west-1}]`
  const [first] = both.split(', {name: eur')
  const cluster = `${first}]`
  const given = { domain: relation.run.domain, environment: relation.run.environment ?? '' }
  const tearDown = (inputs: Record<string, string>): Run => ({
    action: 'teardown',
    inputs: { ...given, ...inputs },
  })
  const runs: Record<Column, Run> = {
    create: {
      action: 'create-cluster',
      inputs: { ...given, name: 'usa', zones: 'us-east-1a', 'node-count': '2', 'state-store': place.store },
    },
    federate: { action: 'federate', inputs: { ...given, clusters: cluster } },
    deploy: {
      action: 'deploy-federated-app',
      inputs: { ...given, clusters: cluster, manifests: 'app.yaml' },
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
    whole: tearDown({ clusters: both }),
    part: tearDown({ clusters: cluster }),
    beside: tearDown({ clusters: '[{name: eur, region: eu-west-1}]' }),
    reap: tearDown({
      mode: 'reap',
      environment: '',
      'name-servers': universe.nameServer,
      ...(place.shared && { 'state-stores': place.store }),
    }),
  }
  return runs[column]
}

describe.each(Object.entries(places))('a cluster whose state is in a store that is %s', (_, place: Place) => {
  describe.each(Object.entries(table))('%s', (owner, cells) => {
    const relation = relations[owner as keyof typeof relations]
    let universe: Universe | undefined
    let fresh = false

    const ready = async () => {
      if (universe === undefined || !fresh) {
        await universe?.close()
        universe = await openClusterWorld(relation, place)
      }
      ensureSecond(universe, relation)
      fresh = true
      return universe
    }

    const cellsOf = (Object.entries(cells) as [Column, Outcome][]).flatMap(
      ([column, outcome]): [string, Column, Outcome, boolean][] => [
        [`dry run of ${column}`, column, ['gone', 'changed'].includes(outcome) ? 'untouched' : outcome, true],
        [column, column, outcome, false],
      ],
    )
    const ordered = [...cellsOf.filter(cell => cell[3]), ...cellsOf.filter(cell => !cell[3])]

    test.each(ordered)(
      '%s: %s: %s',
      async (_, column, outcome, dry) => {
        const world = await ready()
        const thing = clusterPlaces(world, place, !place.shared && relation.mark?.schema === 2)
        fresh = false
        const run = runOf(column, relation, place, world)
        const inputs = { ...run.inputs, ...(dry && { 'dry-run': 'true' }) }
        const ran = await runHere(world, { ...run, inputs })
        expectOutcome(
          ran,
          outcome,
          {
            thing,
            ...(!dry && {
              beside: new RegExp(`${secondPlaces.source}|zone \\S+ \\S+ (_meridian\\.)?app\\.pr-1`),
            }),
            words: relation.words,
          },
          () => Object.keys(world.snapshot()),
        )
        fresh = !['gone', 'changed'].includes(outcome)
      },
      60_000,
    )
  })
})
