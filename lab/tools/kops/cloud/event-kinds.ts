import type { ResourceType } from '@meridian/lab-world'
import type { CloudClient } from '../cloud-client.ts'
import { born, type Kind, nameOf, text } from './kind.ts'
import type { Found } from './read-xml.ts'
import { tagObjects } from './write-tags.ts'

export type RuleObject = { Name: string; Arn: string }
type TagObject = { Key: string; Value: string }

/** The rules whose names begin so. */
export async function listRules(cloud: CloudClient, prefix: string): Promise<RuleObject[]> {
  return (await cloud.json<{ Rules: RuleObject[] }>('events', 'ListRules', { NamePrefix: prefix })).Rules
}

/** The URLs of the queues whose names begin so. */
export async function listQueues(cloud: CloudClient, prefix: string, more: object = {}): Promise<string[]> {
  const asked = { ...more, QueueNamePrefix: prefix }
  return (await cloud.json<{ QueueUrls?: string[] }>('sqs', 'ListQueues', asked)).QueueUrls ?? []
}

export const eventKinds: Partial<Record<ResourceType, Kind>> = {
  sqs: {
    async find(cloud, wanted) {
      const [url] = await listQueues(cloud, nameOf(wanted), { MaxResults: 2 })
      if (url === undefined) return undefined
      const names = ['MessageRetentionPeriod', 'Policy', 'QueueArn']
      await cloud.json('sqs', 'GetQueueAttributes', { AttributeNames: names, QueueUrl: url })
      const { Tags = {} } = await cloud.json<{ Tags?: Record<string, string> }>('sqs', 'ListQueueTags', {
        QueueUrl: url,
      })
      return queue(url, nameOf(wanted), Tags)
    },
    async make(cloud, wanted) {
      const made = await cloud.json<{ QueueUrl: string }>('sqs', 'CreateQueue', {
        Attributes: { MessageRetentionPeriod: '300', Policy: text(wanted, 'policy') ?? '' },
        QueueName: nameOf(wanted),
        tags: wanted.tags,
      })
      await cloud.json('sqs', 'GetQueueAttributes', { AttributeNames: ['QueueArn'], QueueUrl: made.QueueUrl })
      return queue(made.QueueUrl, nameOf(wanted), wanted.tags ?? {})
    },
    async tag(cloud, { attributes }, tags) {
      await cloud.json('sqs', 'TagQueue', { QueueUrl: attributes.url, Tags: tags })
    },
  },
  'eventbridge-rule': {
    async find(cloud, wanted) {
      const rule = (await listRules(cloud, nameOf(wanted))).find(({ Name }) => Name === nameOf(wanted))
      if (!rule) return undefined
      const { Tags } = await cloud.json<{ Tags: TagObject[] }>('events', 'ListTagsForResource', {
        ResourceARN: rule.Arn,
      })
      const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))
      return { type: 'eventbridge-rule', id: rule.Name, name: rule.Name, tags, attributes: { arn: rule.Arn } }
    },
    async make(cloud, wanted) {
      const { RuleArn } = await cloud.json<{ RuleArn: string }>('events', 'PutRule', {
        EventPattern: text(wanted, 'pattern'),
        Name: nameOf(wanted),
        Tags: tagObjects(wanted.tags ?? {}),
      })
      return { ...born(wanted, nameOf(wanted)), attributes: { arn: RuleArn } }
    },
    async tag(cloud, { attributes }, tags) {
      await cloud.json('events', 'TagResource', { ResourceARN: attributes.arn, Tags: tagObjects(tags) })
    },
  },
}

function queue(url: string, name: string, tags: Record<string, string>): Found {
  return { type: 'sqs', id: name, name, tags, attributes: { url } }
}
