import { expect, test } from 'vitest'
import { describeContract, ship, shipsPath } from './contract.ts'

const held = (name: string, finalizers: readonly string[]) => {
  const object = ship(name)
  return { ...object, metadata: { ...object.metadata, finalizers } }
}

describeContract('finalizers', ships => {
  test('without a path are advised against when they are added', async () => {
    const advice = (name: string, path = '') =>
      `metadata.finalizers: "${name}": prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`
    const made = await ships.call('POST', shipsPath, {
      body: held('advised', ['example.com', 'bad', 'example.com/good', 'orphan']),
    })
    expect([made.status, made.warnings]).toEqual([
      201,
      [advice('bad'), advice('example.com', ' including a path (/)')],
    ])
    const more = await ships.merge(`${shipsPath}/advised`, { metadata: { finalizers: ['bad', 'worse'] } })
    expect([more.status, more.warnings]).toEqual([200, [advice('worse')]])
  })
})
