import { describe, expect, test } from 'vitest'
import { hourlyPrice, readArn } from '../src/index.ts'

describe('prices', () => {
  test('a listed price is taken as it is', () =>
    expect(hourlyPrice('t3.medium', 'eu-west-1')).toEqual({ usd: 0.0456, reckoned: false }))

  test.each([
    ['t3.medium', 0.0416],
    ['t3.nano', 0.0052],
    ['m7g.2xlarge', 0.3264],
    ['c7a.medium', 0.05132],
    ['r7i.xlarge', 0.2646],
    ['c8i.4xlarge', 0.74968],
  ])('%s costs what AWS lists for it', (type, usd) => {
    expect(hourlyPrice(type, 'us-east-1')?.usd).toBeCloseTo(usd, 5)
  })

  test('another type is reckoned by the level of the region', () => {
    expect(hourlyPrice('t3.large', 'eu-west-1')?.usd).toBeCloseTo(0.0912)
    expect(hourlyPrice('t3.large', 'eu-west-1')?.reckoned).toBe(true)
  })

  test('an address costs the same everywhere', () =>
    expect(hourlyPrice('public-ipv4', 'sa-east-1')).toEqual({ usd: 0.005, reckoned: false }))

  test.each([
    ['x9.huge', 'us-east-1'],
    ['t3.medium', 'mars-1'],
  ])('%s in %s has no price', (type, region) => expect(hourlyPrice(type, region)).toBeUndefined())
})

describe('ARNs', () => {
  test.each([
    ['arn:aws:ec2:us-east-1:1:instance/i-1', { type: 'ec2:instance', id: 'i-1' }],
    [
      'arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/a/b',
      { type: 'elasticloadbalancing:loadbalancer', id: 'net/a/b' },
    ],
    ['arn:aws:s3:::bucket.example.com', { type: 's3', id: 'bucket.example.com' }],
    ['arn:aws:sqs:us-east-1:1:queue', { type: 'sqs', id: 'queue' }],
    ['arn:aws:rds:us-east-1:1:db:name', { type: 'rds:db', id: 'name' }],
  ])('%s is read', (arn, expected) => expect(readArn(arn)).toEqual(expected))
})
