import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readInputs as readTeardown } from '../../teardown/src/inputs.ts'
import { defaultsOf } from '../../teardown/test/in-process.ts'
import { readInputs } from '../src/inputs.ts'
import { removalAdvice } from '../src/run.ts'
import { defaults } from './in-process.ts'

test('what it says of its removal makes teardown act for the same owner, on the same stores', async () => {
  const given = {
    domain: 'k8s.example.com',
    environment: 'pr-7',
    repository: 'acme/shop',
    'state-store-account': '444455556666',
  }
  const store = 's3://platform/kops'
  const clusters = `[{name: usa, region: us-east-1, stateStore: "${store}"}]`
  const variables = Object.entries({ ...(await defaults()), ...given, clusters, name: 'shops' })
  const advice = removalAdvice(
    readInputs(Object.fromEntries(variables.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]))),
  )
  const [, words = ''] = /run teardown with (.*)\. To go on/.exec(advice) ?? []
  const read = parse(`{${words}}`) as Record<string, unknown>
  const texts = Object.entries(read).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  const followed = readTeardown(defaultsOf(Object.fromEntries(texts) as Record<string, string>))
  expect(followed).toMatchObject({
    domain: given.domain,
    environment: given.environment,
    repository: given.repository,
    stateStoreAccount: given['state-store-account'],
    federation: 'shops',
    clusters: [{ name: 'usa', region: 'us-east-1', stateStore: store }],
  })
})
