import { AwsError, type AwsRequest, type Place, type Service } from '@meridian/lab-aws-protocol'
import { addResource, deleteResource, type Resource, type World } from '@meridian/lab-world'
import { createJsonService, type JsonBody } from './service.ts'

/** SQS: the queue by which a cluster hears of interrupted machines. */
export function createQueues(world: World): Service {
  const queues = ({ account, region }: Place) => world.inventory.list({ type: 'sqs', account, region })
  // Clients send what concerns a queue to the host of its URL: that has to be this one.
  const urlOf = ({ account, name }: Resource, { headers }: AwsRequest) =>
    `http://${headers.host}/${account}/${name}`
  const find = (body: JsonBody, request: AwsRequest): Resource => {
    const found = queues(request).find(queue => urlOf(queue, request) === body.QueueUrl)
    if (found) return found
    throw new AwsError(400, 'com.amazonaws.sqs#QueueDoesNotExist', 'The specified queue does not exist.')
  }
  return createJsonService('sqs', '1.0', {
    ListQueues({ QueueNamePrefix = '', MaxResults, NextToken }, request) {
      const all = queues(request).filter(({ name }) => name?.startsWith(String(QueueNamePrefix)))
      const begin = Number(NextToken ?? 0)
      const end = begin + Number(MaxResults ?? 1000)
      return {
        QueueUrls: all.slice(begin, end).map(queue => urlOf(queue, request)),
        ...(end < all.length && { NextToken: String(end) }),
      }
    },
    CreateQueue({ QueueName, Attributes, tags }, request) {
      const { account, region } = request
      const name = String(QueueName)
      const [twin] = queues({ account, region }).filter(queue => queue.name === name)
      if (twin) return { QueueUrl: urlOf(twin, request) }
      const given = {
        type: 'sqs',
        account,
        region,
        name,
        tags: { ...(tags as Record<string, string>) },
      } as const
      const made = addResource(world, { ...given, attributes: { settings: Attributes } })
      return { QueueUrl: urlOf(made, request) }
    },
    GetQueueAttributes(body, request) {
      const queue = find(body, request)
      const all: Record<string, string> = { ...(queue.attributes.settings as object), QueueArn: queue.arn }
      const names = (body.AttributeNames ?? []) as string[]
      return { Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))) }
    },
    SetQueueAttributes(body, request) {
      const queue = find(body, request)
      queue.attributes.settings = { ...(queue.attributes.settings as object), ...(body.Attributes as object) }
      return {}
    },
    TagQueue(body, request) {
      world.inventory.tag(find(body, request).id, body.Tags as Record<string, string>)
      return {}
    },
    ListQueueTags: (body, request) => ({ Tags: find(body, request).tags }),
    DeleteQueue(body, request) {
      deleteResource(world, find(body, request).id)
      return {}
    },
  })
}
