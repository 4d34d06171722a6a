import type { RequestFault } from '@meridian/lab-world'
import { describe } from 'vitest'
import { type Row, testCells } from './cells.ts'
import { usa } from './cluster-world.ts'
import { bucket, openBucket, openOrphans } from './leftover-world.ts'
import { answerOf, relationOf } from './owners.ts'
import type { Run } from './run-here.ts'
import { readTable } from './table.ts'

/**
 * A bucket by the owner that its tags name. The state in it is of a cluster of the run's own, which goes in any case; in
 * the last row there is something of others in a bucket that is the run's own.
 */
const buckets = readTable(
  ['create', 'whole', 'part', 'reap'],
  `
                     create     whole      part       reap
  ours               ·          gone       ·          gone
  older              ·          untouched  ·          untouched
  unclaimed          untouched  untouched  ·          untouched
  other environment  ·          untouched  ·          untouched
  domain below       ·          untouched  untouched  untouched
  domain above       ·          untouched  ·          untouched
  other repository   untouched  untouched  untouched  untouched
  its namesake       ·          untouched  ·          untouched
  other account      refused    refused    ·          told
  mark denied        ·          refused    refused    told
  mark 404 page      ·          refused    refused    told
  mark page          ·          refused    refused    told
  mark empty         ·          refused    refused    told
  living             ·          untouched  ·          untouched
`,
)

/**
 * Resources under a cluster's name whose state is in no store, by the owner that their tags name. A reaper tells of what is
 * left of its own; that it could not ask is a notice, since it would not act upon the answer.
 */
const orphans = readTable(
  ['create', 'whole', 'part', 'reap'],
  `
                     create     whole      part       reap
  ours               refused    gone       ·          told
  older              ·          gone       ·          untouched
  unclaimed          refused    refused    refused    untouched
  other environment  ·          refused    refused    told
  domain below       ·          refused    refused    told
  domain above       ·          refused    refused    untouched
  other repository   refused    refused    refused    untouched
  its namesake       ·          refused    refused    untouched
  mark denied        ·          refused    refused    untouched
  mark 404 page      ·          refused    refused    untouched
  mark page          refused    refused    refused    untouched
  mark empty         ·          refused    refused    untouched
`,
)

function runsOf(owner: string, hasBucket: boolean): Record<string, Run> {
  const { run } = relationOf(owner)
  const given = { domain: run.domain, environment: run.environment ?? '' }
  const first = '{name: usa, region: us-east-1}'
  const tearDown = (inputs: Record<string, string>): Run => ({
    action: 'teardown',
    inputs: { ...given, ...inputs },
  })
  const create = { ...given, name: 'usa', zones: 'us-east-1a', wait: 'false' }
  return {
    create: { action: 'create-cluster', inputs: create },
    whole: tearDown({ clusters: `[${first}, {name: eur, region: eu-west-1}]` }),
    part: tearDown({ clusters: `[${first}]` }),
    reap: tearDown({ mode: 'reap', environment: '', ...(hasBucket && { 'state-stores': `s3://${bucket}` }) }),
  }
}

type Fault = Pick<RequestFault, 'service' | 'operation'>

function rowOf(owner: string, more: { open: Row<string>['open']; fault: Fault }): Row<string> {
  const runs = runsOf(owner, more.fault.service === 's3')
  const answer = answerOf(owner)
  return {
    open: more.open,
    run: column => {
      const found = runs[column]
      if (found === undefined) throw new Error(`there is no run ${column}`)
      const fault = { ...more.fault, nth: 1, times: Number.POSITIVE_INFINITY }
      return { ...found, ...(answer && { faults: [{ ...fault, failure: answer }] }) }
    },
  }
}

const escaped = usa.replaceAll('.', '\\.')
const state = new RegExp(`^s3://${escaped}-state/${escaped}(/|\\.(claim|lease)\\.json )`)
/** What a run that creates the cluster makes of it. */
const cluster = new RegExp(`${state.source}|^\\d+ (?!.* bucket )|^${escaped} in `)

describe('a bucket', () => {
  testCells(buckets, owner =>
    rowOf(owner, {
      fault: { service: 's3', operation: 'GetBucketTagging' },
      async open(column) {
        const { words, ...relation } = relationOf(owner)
        const universe = await openBucket({ words, ...relation }, owner !== 'ours')
        const thing = new RegExp(`^s3://${escaped}-state(/terraform/state .*)?$| bucket ${escaped}-state$`)
        const beside = column === 'create' ? cluster : state
        return { universe, scene: () => ({ thing, beside, words }), close: universe.close }
      },
    }),
  )
})

describe('what is left of a cluster in AWS', () => {
  testCells(orphans, owner =>
    rowOf(owner, {
      fault: { service: 'tagging', operation: 'GetResources' },
      async open() {
        const relation = relationOf(owner)
        const universe = await openOrphans(relation)
        const thing = / (vpc|volume|security-group) \S+$/
        const words = ['ours', 'older', 'unclaimed'].includes(owner)
          ? /AWS has|nothing says|lives in/
          : relation.words
        return { universe, scene: () => ({ thing, words }), close: universe.close }
      },
    }),
  )
})
