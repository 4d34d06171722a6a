import { deleteResource, type Resource, type World } from '../../world/index.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Place } from '../protocol/aws-request.ts'
import type { Service } from '../service.ts'
import { createJsonService } from './service.ts'

/** EventBridge: the rules that fill the queue of a cluster. */
export function createRules(world: World): Service {
  const rules = ({ account, region }: Place) =>
    world.inventory.list({ type: 'eventbridge-rule', account, region })
  const find = (place: Place, matches: (rule: Resource) => boolean, what: unknown): Resource => {
    const found = rules(place).find(matches)
    if (found) return found
    throw new AwsError(400, 'ResourceNotFoundException', `Rule ${what} does not exist on EventBus default.`)
  }
  return createJsonService('events', '1.1', {
    ListRules({ NamePrefix = '', Limit, NextToken }, request) {
      const all = rules(request).filter(({ name }) => name?.startsWith(String(NamePrefix)))
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
    ListTagsForResource({ ResourceARN }, request) {
      const { tags } = find(request, ({ arn }) => arn === ResourceARN, ResourceARN)
      return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
    },
    DeleteRule({ Name }, request) {
      // A rule that does not exist is deleted successfully.
      const gone = rules(request).find(({ name }) => name === Name)
      if (gone) deleteResource(world, gone.id)
      return {}
    },
  })
}
