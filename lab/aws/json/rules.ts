import { deleteResource, type Resource, type World } from '../../world/index.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Service } from '../service.ts'
import { createJsonService } from './service.ts'

/** EventBridge: the rules that fill the queue of a cluster. */
export function createRules(world: World): Service {
  const rules = (region: string) => world.inventory.list({ type: 'eventbridge-rule', region })
  const find = (region: string, matches: (rule: Resource) => boolean, what: unknown): Resource => {
    const found = rules(region).find(matches)
    if (found) return found
    throw new AwsError(400, 'ResourceNotFoundException', `Rule ${what} does not exist on EventBus default.`)
  }
  return createJsonService('events', '1.1', {
    ListRules({ NamePrefix = '', Limit, NextToken }, { region }) {
      const all = rules(region).filter(({ name }) => name?.startsWith(String(NamePrefix)))
      const begin = Number(NextToken ?? 0)
      const end = begin + Number(Limit ?? 100)
      const page = all.slice(begin, end).map(({ name, arn }) => ({
        Name: name,
        Arn: arn,
        State: 'ENABLED',
        EventBusName: 'default',
      }))
      return { Rules: page, ...(end < all.length && { NextToken: String(end) }) }
    },
    ListTagsForResource({ ResourceARN }, { region }) {
      const { tags } = find(region, ({ arn }) => arn === ResourceARN, ResourceARN)
      return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
    },
    DeleteRule({ Name }, { region }) {
      // A rule that does not exist is deleted successfully.
      const gone = rules(region).find(({ name }) => name === Name)
      if (gone) deleteResource(world, gone.id)
      return {}
    },
  })
}
