import { DescribeTagsCommand } from '@aws-sdk/client-ec2'
import { expect, test } from 'vitest'
import { openAccount } from './open-account.ts'

const region = 'us-east-1'
const tags = { KubernetesCluster: 'usa.k8s.example.com', Name: 'x' }

test('the tags of everything in EC2 are listed, by key and value, and of nothing else', async () => {
  const { ec2, world } = await openAccount({ scale: 1000 })
  const { id } = world.inventory.add({ type: 'launch-template', region, tags })
  world.inventory.add({ type: 'vpc', region, tags: { KubernetesCluster: 'eur.k8s.example.com' } })
  world.inventory.add({ type: 'sqs', region, name: 'q', tags })
  const Filters = [
    { Name: 'key', Values: ['KubernetesCluster'] },
    { Name: 'value', Values: [tags.KubernetesCluster] },
  ]

  const { Tags } = await ec2().send(new DescribeTagsCommand({ Filters }))

  expect(Tags).toEqual([
    {
      ResourceId: id,
      ResourceType: 'launch-template',
      Key: 'KubernetesCluster',
      Value: tags.KubernetesCluster,
    },
  ])
})
