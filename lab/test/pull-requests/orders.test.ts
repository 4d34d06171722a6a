import { setImmediate as turn } from 'node:timers/promises'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { seededRandom } from '@meridian/lab-world'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listOf } from '../tenants/tenant-world.ts'
import { findLies } from './find-lies.ts'
import { createQuickWorld, type QuickWorld } from './quick-world.ts'
import { openShop, type Workflows } from './shop.ts'

const seeds = Array.from({ length: 40 }, (_, at) => at + 1)
const deedsOfAnOrder = 14

let universe: Universe
beforeAll(async () => {
  universe = await startUniverse({ scale: 1_000_000 })
})
afterAll(() => universe.close())

/** What the people who act on a pull request expect of it. */
type Expected = {
  open: boolean
  label: boolean
  draft: boolean
  asked: 'up' | 'down' | undefined
  over: boolean
}
type Order = { flows: Workflows; quick: QuickWorld; swept: string[] }
type Deed = (order: Order, number: number, pull: Expected) => void | Promise<void>

const isWanted = ({ open, label, draft, asked, over }: Expected) =>
  open && !over && (asked === 'up' || (asked !== 'down' && label && !draft))

/** By a deed whose event says what is wanted of the pull request; any event makes anew what its time was over for. */
const say =
  (change: Partial<Expected>, act: (flows: Workflows, number: number) => void): Deed =>
  ({ flows }, number, pull) => {
    Object.assign(pull, change, { asked: undefined, over: false })
    act(flows, number)
  }

const command =
  (body: string, asked: 'up' | 'down' | undefined, author?: string): Deed =>
  async ({ flows }, number, pull) => {
    await flows.atRest()
    universe.github.pass(5)
    flows.repository.comment(number, body, author)
    await flows.atRest()
    universe.github.pass(5)
    const stands = isWanted(pull)
    if (asked === 'up' && pull.open) Object.assign(pull, { asked, over: false })
    if (asked === 'down' && stands) Object.assign(pull, { asked })
  }

const deeds: Record<string, Deed> = {
  push: ({ flows }, number, pull) => {
    flows.repository.push(number)
    if (pull.open) pull.over = false
  },
  force: ({ flows }, number, pull) => {
    flows.repository.push(number, { force: true })
    if (pull.open) pull.over = false
  },
  close: say({ open: false }, ({ repository }, number) => repository.close(number)),
  reopen: say({ open: true }, ({ repository }, number) => repository.reopen(number)),
  label: say({ label: true }, ({ repository }, number) => repository.label(number, 'preview')),
  unlabel: say({ label: false }, ({ repository }, number) => repository.unlabel(number, 'preview')),
  draft: say({ draft: true }, ({ repository }, number) => repository.convertToDraft(number)),
  ready: say({ draft: false }, ({ repository }, number) => repository.markReady(number)),
  up: command('/up', 'up'),
  down: command('/down', 'down'),
  stranger: command('/up', undefined, 'mallory'),
  async expire({ flows, quick, swept }, number, pull) {
    await flows.atRest()
    if (isWanted(pull)) swept.push(`pr-${number}`)
    if (quick.expire(`pr-${number}`)) pull.over = true
    await flows.reap()
  },
  async conflict({ flows, swept }, number, pull) {
    await flows.atRest()
    if (isWanted(pull)) swept.push(`pr-${number}`)
    flows.repository.setConflicts(number, true)
    if (pull.open) flows.repository.close(number)
    Object.assign(pull, { open: false })
    await flows.reap()
    flows.repository.setConflicts(number, false)
  },
  rest: ({ flows }) => flows.atRest(),
}

/** What the reaper says that it had to take. */
function sweptBy({ runs }: Workflows): string[] {
  const told = runs.flatMap(({ jobs }) =>
    jobs.flatMap(({ steps }) => steps.flatMap(step => step.annotations)),
  )
  return told.flatMap(({ message }) => /^The reaper had to take (\S+)/.exec(message)?.[1] ?? [])
}

describe('whatever the order of events', () => {
  test.each(seeds)('nothing is left over, mixed, or said that is not so (seed %i)', async seed => {
    const random = seededRandom(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
    const tick = async () => {
      for (let turns = Math.floor(random() * 5); turns > 0; turns -= 1) await turn()
    }
    const quick = createQuickWorld(number => flows.repository.pull(number).state === 'closed', tick)
    const flows = await openShop(universe, {
      ...{ clusters: listOf('usa', 'eur'), env: {}, with: { label: 'preview' } },
      perform: quick.perform,
    })
    const pulls = new Map<number, Expected>()
    for (const label of [true, true, false]) {
      const number = flows.repository.openPull({ labels: label ? ['preview'] : [] })
      pulls.set(number, { open: true, label, draft: false, asked: undefined, over: false })
    }
    const [done, swept]: [string[], string[]] = [[], []]
    for (let deed = 0; deed < deedsOfAnOrder; deed += 1) {
      const [[number, pull], name] = [pick([...pulls]), pick(Object.keys(deeds))]
      // A closed pull request takes few deeds, and an open one cannot be opened.
      if ((name === 'reopen') === pull.open || (name === 'close' && !pull.open)) continue
      done.push(`${name} ${number}`)
      await deeds[name]?.({ flows, quick, swept }, number, pull)
      await tick()
    }
    await flows.atRest()
    flows.stop()
    const lies = findLies(flows.repository, quick.look, number => isWanted(pulls.get(number) as Expected))
    expect(lies, done.join(', ')).toEqual([])
    expect(flows.runs.filter(({ result }) => result === 'failure')).toEqual([])
    // Nobody but the reaper ends what is over, and it ends nothing else.
    expect(sweptBy(flows), done.join(', ')).toEqual(swept)
  })
})
