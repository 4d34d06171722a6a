import { expect, test } from 'vitest'
import { killedAt, openLab } from '../../actions/create-cluster/test/in-process.ts'
import { tearDown } from '../../actions/teardown/test/in-process.ts'

// What is there once kops has begun is the subject of teardown's own tests: kops dies at each of its points there.
test.each(['before', 'after'] as const)(
  'a create-cluster that was killed %s any of its requests until kops began leaves nothing that teardown does not remove',
  async moment => {
    await using lab = await openLab()
    const { world } = lab.universe
    const swept: number[] = []
    for (let at = 1; at <= 20; at += 1) {
      const name = `${moment}-${at}`
      await lab.bringUp(name, { interrupt: killedAt(at, moment) }).catch(() => {})
      if (lab.commands(name).length > 0) break
      const clusters = `[{name: ${name}, region: us-east-1}]`
      // A later attempt of the same run need not wait for the dead one's lease to end.
      const { error } = await tearDown(
        lab.universe,
        'teardown',
        { clusters, scope: 'clusters,state' },
        { attempt: 2 },
      )
      expect([error, world.inventory.list().map(({ id }) => id)], name).toEqual([undefined, []])
      swept.push(at)
    }
    expect(swept.length).toBeGreaterThan(8)
  },
)
