import { describe, expect, test } from 'vitest'
import { checkRegions, refuseRegion } from '../../src/index.ts'

describe('a name that is no region', () => {
  test.each([
    ['us-esat-1', 'us-east-1'],
    ['us-eat-1', 'us-east-1'],
    ['us-eeast-1', 'us-east-1'],
    ['eu-central-3', 'eu-central-1'],
    ['ap-northeats-1', 'ap-northeast-1'],
  ])('is met with the one that is meant: %s', (name, meant) => {
    expect(refuseRegion(name)).toBe(`is no AWS region: did you mean ${meant}?`)
  })

  test('is met with those of its area, or else with all', () => {
    expect(refuseRegion('us-middle-1')).toMatch(/choose one of us-east-1, us-east-2, us-west-1, us-west-2$/)
    expect(refuseRegion('xx-middle-1')).toMatch(/af-south-1, .*us-west-2$/)
  })

  test('is told under the cluster that is in it', () => {
    const clusters = [
      { name: 'usa', region: 'us-east-1' },
      { name: 'eur', region: 'eu-wset-1' },
    ]
    expect(checkRegions(clusters)).toEqual([
      {
        input: 'clusters',
        message: "eur is in 'eu-wset-1', which is no AWS region: did you mean eu-west-1?",
      },
    ])
  })
})
