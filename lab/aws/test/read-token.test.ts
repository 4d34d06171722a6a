import { describe, expect, test } from 'vitest'
import type { Partition } from '../eks/partitions.ts'
import { readToken } from '../eks/read-token.ts'
import { encodeToken, makeToken, type TokenOptions, urlOfToken } from '../testing/eks-tokens.ts'

const signer = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}
const region = 'eu-central-1'
const minute = 60_000
const action = 'Action=GetCallerIdentity&Version=2011-06-15'
const form = 'input token was not properly formatted: '

type At = { partition?: Partition; region?: string }

const read = (token: string, { partition = 'aws', region: own = region }: At = {}) =>
  readToken(token, { partition, region: own }, Date.now())

const sign = (options: TokenOptions = {}) => makeToken(signer, { cluster: 'prod', region, ...options })

/** A token whose URL has been changed after it was signed. */
const changed = async (change: (url: string) => string, options: TokenOptions = {}) =>
  encodeToken(change(urlOfToken(await sign(options))))

// Every row was given to the Verifier of aws-iam-authenticator v0.7.10 as well.
describe('a token is refused', () => {
  test.each<[why: string, token: () => Promise<string> | string, words: string, at?: At]>([
    ['that is too large', () => `k8s-aws-v1.${'a'.repeat(4096)}`, 'token is too large'],
    [
      'without its prefix',
      async () => urlOfToken(await sign()),
      'token is missing expected "k8s-aws-v1." prefix',
    ],
    [
      'of another version',
      async () => (await sign()).replace('v1', 'v2'),
      'token is missing expected "k8s-aws-v1." prefix',
    ],
    [
      'with padding',
      async () => `${await changed(url => `${url}&a=1234`.slice(0, -((url.length + 7) % 3) - 1))}=`,
      'illegal base64 data at input byte',
    ],
    ['in the other alphabet of base64', () => 'k8s-aws-v1.ab+/', 'illegal base64 data at input byte 2'],
    [
      'over http',
      () => changed(url => url.replace('https:', 'http:')),
      'unexpected scheme "http" in pre-signed URL',
    ],
    [
      'that is no URL',
      () => encodeToken('sts.eu-central-1.amazonaws.com/'),
      'unexpected scheme "" in pre-signed URL',
    ],
    [
      'for a host of loopback',
      () => changed(url => url.replace(/sts[^/]*/, '127.0.0.1:4566')),
      'unexpected hostname "127.0.0.1:4566" in pre-signed URL',
    ],
    [
      'for a host of one label',
      () => changed(url => url.replace(/sts[^/]*/, 'localhost')),
      'could not parse region for pre-signed URL localhost, invalid host format: localhost',
    ],
    [
      'with a port',
      () => changed(url => url.replace('.com/', '.com:443/')),
      'unexpected hostname "sts.eu-central-1.amazonaws.com:443" in pre-signed URL',
    ],
    [
      'for an endpoint in a VPC',
      () => sign({ host: 'vpce-0a.sts.eu-central-1.vpce.amazonaws.com' }),
      'unexpected hostname "vpce-0a.sts.eu-central-1.vpce.amazonaws.com" in pre-signed URL',
    ],
    [
      'for another service',
      () => sign({ host: 'iam.eu-central-1.amazonaws.com' }),
      'unexpected hostname "iam.eu-central-1.amazonaws.com" in pre-signed URL',
    ],
    [
      'for a host that only looks right',
      () => sign({ host: 'sts.eu-central-1.amazonaws.com.example.com' }),
      'unexpected hostname "sts.eu-central-1.amazonaws.com.example.com" in pre-signed URL',
    ],
    [
      'for another partition',
      () => sign({ host: 'sts.cn-north-1.amazonaws.com.cn' }),
      'partition {aws} does not support hostname sts.cn-north-1.amazonaws.com.cn',
    ],
    [
      'for the global host in another partition',
      () => sign({ host: 'sts.amazonaws.com' }),
      'global endpoint unsupported in partition aws-us-gov',
      { partition: 'aws-us-gov', region: 'us-gov-west-1' },
    ],
    [
      'with a path',
      () => sign({ url: `https://sts.${region}.amazonaws.com/x?${action}&X-Amz-Expires=60` }),
      'unexpected path in pre-signed URL',
    ],
    [
      'without any path',
      () => changed(url => url.replace('.com/?', '.com?')),
      'unexpected path in pre-signed URL',
    ],
    [
      'with one parameter more',
      () => sign({ search: `${action}&X-Amz-Expires=60&Extra=1` }),
      'non-whitelisted query parameter "Extra"',
    ],
    [
      'whose payload is not signed',
      () => sign({ search: `${action}&X-Amz-Expires=60&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD` }),
      'non-whitelisted query parameter "X-Amz-Content-Sha256"',
    ],
    [
      'with the name of the cluster as a parameter',
      () => sign({ search: `${action}&X-Amz-Expires=60&x-k8s-aws-id=prod` }),
      'non-whitelisted query parameter "x-k8s-aws-id"',
    ],
    [
      'with a parameter twice',
      () => changed(url => `${url}&Version=2011-06-15`),
      'query parameter with multiple values not supported',
    ],
    [
      'with a parameter in two spellings',
      () => changed(url => `${url}&version=2011-06-15`),
      'duplicate query parameter found: "version"',
    ],
    ['with a parameter that is not encoded', () => changed(url => `${url}%zz`), 'malformed query parameter'],
    [
      'for another action',
      () => sign({ search: 'Action=GetSessionToken&X-Amz-Expires=60' }),
      'unexpected action parameter in pre-signed URL',
    ],
    [
      'without an action',
      () => sign({ search: 'X-Amz-Expires=60' }),
      'unexpected action parameter in pre-signed URL',
    ],
    [
      'that was signed for no cluster',
      async () => makeToken(signer, { region }),
      'client did not sign the x-k8s-aws-id header in the pre-signed URL',
    ],
    [
      'that does not say when it ends',
      () => sign({ search: action }),
      'invalid X-Amz-Expires parameter in pre-signed URL: 0',
    ],
    [
      'that ends too late',
      () => sign({ search: `${action}&X-Amz-Expires=901` }),
      'invalid X-Amz-Expires parameter in pre-signed URL: 901',
    ],
    [
      'that ends before it begins',
      () => sign({ search: `${action}&X-Amz-Expires=-1` }),
      'invalid X-Amz-Expires parameter in pre-signed URL: -1',
    ],
    [
      'whose end is no number',
      () => sign({ search: `${action}&X-Amz-Expires=1m` }),
      'invalid X-Amz-Expires parameter in pre-signed URL: 0',
    ],
    [
      'without a date',
      () => changed(url => url.replace(/&X-Amz-Date=\w+/, '')),
      'X-Amz-Date parameter must be present in pre-signed URL',
    ],
    [
      'with a date of another form',
      () => changed(url => url.replace(/Date=\w+/, 'Date=today')),
      'error parsing X-Amz-Date parameter today into format 20060102T150405Z',
    ],
    [
      'of 16 minutes ago',
      () => sign({ at: Date.now() - 16 * minute }),
      'X-Amz-Date parameter is expired (15 minute expiration)',
    ],
  ])('%s', async (_, token, words, at) => {
    const given = await token()
    expect(() => read(given, at)).toThrow(form + words)
  })
})

describe('a token is taken', () => {
  test.each<[why: string, options: TokenOptions, at?: At]>([
    ['for the host of the region', {}],
    ['for the host of another region', { region: 'us-west-2' }],
    ['for the global host', { host: 'sts.amazonaws.com' }],
    ['for the host of both protocols', { host: 'sts.eu-central-1.api.aws' }],
    ['for a host with FIPS', { host: 'sts-fips.us-east-1.amazonaws.com' }],
    [
      'for a host of China, in China',
      { host: 'sts.cn-north-1.amazonaws.com.cn' },
      { partition: 'aws-cn', region: 'cn-north-1' },
    ],
    ['that was signed 14 minutes ago', { at: Date.now() - 14 * minute }],
    ['that ends in 15 minutes', { search: `${action}&X-Amz-Expires=900` }],
    [
      'of a session with a long token',
      { search: `${action}&X-Amz-Expires=60&X-Amz-Security-Token=${'A'.repeat(2400)}` },
    ],
  ])('%s', async (_, options, at) => {
    expect(read(await sign(options), at).query.get('Action')).toBe('GetCallerIdentity')
  })
})
