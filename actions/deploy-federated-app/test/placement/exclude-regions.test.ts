import type { Cluster } from '@meridian/karmada'
import { expect, test } from 'vitest'
import { excludeRegions } from '../../src/placement/exclude-regions.ts'

const member = (name: string, region?: string): Cluster => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
  spec: { syncMode: 'Push', ...(region && { region }) },
})
const members = [member('usa', 'us-east-1'), member('jpn', 'ap-northeast-1'), member('lost')]
const without = (...out: string[]) =>
  excludeRegions({ mode: 'even', exclude: ['usa'] }, members, new Set(out))

test('the members of a region that is out are excluded beside those that an input excludes', () => {
  expect(without('ap-northeast-1')).toEqual({
    placement: { mode: 'even', exclude: ['usa', 'jpn'] },
    absent: ['jpn'],
  })
})

test('a region that no member is in excludes none, nor does a member without a region follow one', () => {
  expect(without('sa-east-1')).toEqual({ placement: { mode: 'even', exclude: ['usa'] }, absent: [] })
})

test('with every region out there is nowhere to go, and the way out is told', () => {
  const [usa] = members
  expect(() => excludeRegions({ mode: 'even' }, usa ? [usa] : [], new Set(['us-east-1']))).toThrow(
    expect.objectContaining({ fix: expect.stringContaining('mode: bring-back') }),
  )
})
