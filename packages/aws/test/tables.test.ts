import { describe, expect, test } from 'vitest'
import { findRegion, hostnameRegion, loadBalancerNames, regions } from '../src/index.ts'

describe('regions', () => {
  test('no two share a zone of load balancers', () => {
    const ids = Object.values(regions).flatMap(({ elbZoneId, nlbZoneId }) => [elbZoneId, nlbZoneId])
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('all lie on earth', () => {
    for (const { latitude, longitude } of Object.values(regions)) {
      expect(Math.abs(latitude)).toBeLessThan(90)
      expect(Math.abs(longitude)).toBeLessThan(180)
    }
  })

  test('a property of every object is no region', () => expect(findRegion('constructor')).toBeUndefined())

  test.each([
    ['a1b2-1.us-east-1.elb.amazonaws.com', { region: 'us-east-1', kind: 'classic' }],
    ['dualstack.A1.eu-west-1.elb.amazonaws.com.', { region: 'eu-west-1', kind: 'classic' }],
    ['api-x-1.elb.ap-northeast-1.amazonaws.com', { region: 'ap-northeast-1', kind: 'network' }],
    ['a-1.cn-north-1.elb.amazonaws.com.cn', { region: 'cn-north-1', kind: 'classic' }],
    ['a-1.elb.cn-north-1.amazonaws.com.cn', { region: 'cn-north-1', kind: 'network' }],
    ['example.com', undefined],
    ['elb.amazonaws.com.evil.com', undefined],
  ])('%s is read', (hostname, expected) => expect(hostnameRegion(hostname)).toEqual(expected))

  test.each([
    ['us-east-1', 'amazonaws.com'],
    ['cn-north-1', 'amazonaws.com.cn'],
    ['eusc-de-east-1', 'amazonaws.eu'],
  ])('load balancers of %s are named in %s', (region, suffix) =>
    expect(loadBalancerNames(region)).toEqual([`*.${region}.elb.${suffix}`, `*.elb.${region}.${suffix}`]),
  )
})
