import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { certify } from '../src/cluster-spec.ts'
import type { Inputs } from '../src/inputs.ts'

const inputs = { domain: 'k8s.example.com', ttl: 3_600_000, tags: [['team', 'a']] } as unknown as Inputs
const now = new Date('2026-11-23T10:00:00.500Z')

test('a birth certificate says whose, whence and until when', () => {
  expect(
    certify(inputs, testJob({ version: '0.1.0', env: { GITHUB_REF: 'refs/pull/42/merge' } }), now),
  ).toEqual({
    team: 'a',
    'meridian:environment': 'default',
    'meridian:owner': 'o/r',
    'meridian:run': 'https://github.com/o/r/actions/runs/1',
    'meridian:created-at': '2026-11-23T10:00:00Z',
    'meridian:expires-at': '2026-11-23T11:00:00Z',
    'meridian:version': '0.1.0',
    'meridian:pull-request': '42',
  })
})

test('outside GitHub it has no empty tags', () => {
  const run = { url: '', repository: '', sha: '', workspace: '', temp: '' }
  expect(Object.values(certify({ ...inputs, ttl: undefined }, testJob({ run }), now))).not.toContain('')
})
