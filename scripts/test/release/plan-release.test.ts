import { describe, expect, test } from 'vitest'
import { planTags } from '../../release/plan-release.ts'

const dns = (version: string) => ({ name: 'latency-dns', version })

describe('the tags of a release', () => {
  test.each([
    ['a first version', dns('0.2.0'), {}, ['latency-dns/v0.2.0 new', 'latency-dns/v0 new']],
    [
      'a later one, which moves the tag of its major version',
      dns('1.10.0'),
      { 'latency-dns/v1.9.0': 'a', 'latency-dns/v1': 'a' },
      ['latency-dns/v1.10.0 new', 'latency-dns/v1 from a'],
    ],
    [
      'a new major version, which leaves the tag of the old one',
      dns('2.0.0'),
      { 'latency-dns/v1.9.0': 'a', 'latency-dns/v1': 'a' },
      ['latency-dns/v2.0.0 new', 'latency-dns/v2 new'],
    ],
    [
      'a pre-release, which moves nothing',
      dns('2.0.0-rc.1'),
      { 'latency-dns/v1': 'a' },
      ['latency-dns/v2.0.0-rc.1 new'],
    ],
    ['a version that has its tag', dns('1.9.0'), { 'latency-dns/v1.9.0': 'a', 'latency-dns/v1': 'a' }, []],
    [
      'one beside higher versions of other names',
      dns('0.2.0'),
      { 'teardown/v9.0.0': 'a', 'latency-dns-extra/v9.0.0': 'a' },
      ['latency-dns/v0.2.0 new', 'latency-dns/v0 new'],
    ],
  ])('%s', (_, one, tags, expected) => {
    const changes = planTags([one], new Map(Object.entries(tags)))
    expect(changes.map(({ tag, was }) => `${tag} ${was === undefined ? 'new' : `from ${was}`}`)).toEqual(
      expected,
    )
  })

  test.each([
    ['1.9.0', '1.10.0'],
    ['2.0.0-rc.1', '2.0.0'],
  ])('%s is refused after %s', (version, released) => {
    const tags = new Map([[`latency-dns/v${released}`, 'a']])
    expect(() => planTags([dns(version)], tags)).toThrow(`latency-dns ${version} is below ${released}`)
  })
})
