import { deleteResource, type Resource, type World } from '../../world/index.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Service } from '../service.ts'
import { createJsonService, type JsonBody } from './service.ts'

/** SQS: the queue by which a cluster hears of interrupted machines. */
export function createQueues(world: World): Service {
  const queues = (region: string) => world.inventory.list({ type: 'sqs', region })
  const urlOf = ({ region, name }: Resource) =>
    `https://sqs.${region}.amazonaws.com/${world.accountId}/${name}`
  const find = (body: JsonBody, region: string): Resource => {
    const found = queues(region).find(queue => urlOf(queue) === body.QueueUrl)
    if (found) return found
    throw new AwsError(400, 'com.amazonaws.sqs#QueueDoesNotExist', 'The specified queue does not exist.')
  }
  return createJsonService('sqs', '1.0', {
    ListQueues({ QueueNamePrefix = '', MaxResults, NextToken }, { region }) {
      const all = queues(region).filter(({ name }) => name?.startsWith(String(QueueNamePrefix)))
      const begin = Number(NextToken ?? 0)
      const end = begin + Number(MaxResults ?? 1000)
      return {
        QueueUrls: all.slice(begin, end).map(urlOf),
        ...(end < all.length && { NextToken: String(end) }),
      }
    },
    ListQueueTags: (body, { region }) => ({ Tags: find(body, region).tags }),
    DeleteQueue(body, { region }) {
      deleteResource(world, find(body, region).id)
      return {}
    },
  })
}
