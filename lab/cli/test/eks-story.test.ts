import { expect, test } from 'vitest'
import { withProvider } from '../eks-story.ts'

test('without a provider, or of kops, the inputs of the workflows stay as they are', async () => {
  expect(await withProvider({ record: 'shop' })).toEqual({ record: 'shop' })
  expect(await withProvider({ record: 'shop', provider: 'kops' })).toEqual({ record: 'shop' })
})

test("of eks, the story's clusters are EKS's, which need no zones", async () => {
  const { clusters = '', ...others } = await withProvider({ provider: 'eks', record: 'shop' })
  expect(others).toEqual({ record: 'shop' })
  expect(JSON.parse(clusters)).toEqual([
    { name: 'usa', region: 'us-east-1', provider: 'eks' },
    { name: 'eur', region: 'eu-west-1', provider: 'eks' },
    { name: 'jpn', region: 'ap-northeast-1', provider: 'eks' },
  ])
})

test('clusters that are given keep what they say', async () => {
  const given = [
    { name: 'usa', region: 'us-east-1', provider: 'kops', zones: ['us-east-1a'] },
    { name: 'eur', region: 'eu-west-1', eksName: 'platform' },
  ]
  const { clusters = '' } = await withProvider({ provider: 'eks', clusters: JSON.stringify(given) })
  expect(JSON.parse(clusters)).toEqual([given[0], { ...given[1], provider: 'eks' }])
})

test('there is no other provider', async () => {
  await expect(withProvider({ provider: 'gke' })).rejects.toThrow(
    "'--input provider=gke' must be kops or eks",
  )
})
