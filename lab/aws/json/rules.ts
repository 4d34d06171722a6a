import { AwsError, type Place, type Service, tagList } from '@meridian/lab-aws-protocol'
import { addResource, deleteResource, type Resource, type World } from '@meridian/lab-world'
import { createJsonService } from './service.ts'

type Target = { Id: string; Arn: string }
const targetsOf = ({ attributes }: Resource) => (attributes.targets ?? []) as Target[]

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
    PutRule({ Name, EventPattern, Tags }, { account, region }) {
      const name = String(Name)
      const [twin] = rules({ account, region }).filter(rule => rule.name === name)
      // Tags count only for a rule that is new.
      const given = { type: 'eventbridge-rule', account, region, name, tags: tagList(Tags) } as const
      const rule = twin ?? addResource(world, given)
      rule.attributes.pattern = EventPattern
      return { RuleArn: rule.arn }
    },
    TagResource({ ResourceARN, Tags }, request) {
      world.inventory.tag(find(request, ({ arn }) => arn === ResourceARN, ResourceARN).id, tagList(Tags))
      return {}
    },
    PutTargets({ Rule, Targets }, request) {
      const rule = find(request, ({ name }) => name === Rule, Rule)
      const added = (Targets ?? []) as Target[]
      rule.attributes.targets = [
        ...targetsOf(rule).filter(({ Id }) => added.every(each => each.Id !== Id)),
        ...added,
      ]
      return { FailedEntryCount: 0, FailedEntries: [] }
    },
    ListTargetsByRule: ({ Rule }, request) => ({
      Targets: targetsOf(find(request, ({ name }) => name === Rule, Rule)),
    }),
    RemoveTargets({ Rule, Ids }, request) {
      const rule = find(request, ({ name }) => name === Rule, Rule)
      rule.attributes.targets = targetsOf(rule).filter(({ Id }) => !((Ids ?? []) as string[]).includes(Id))
      return { FailedEntryCount: 0, FailedEntries: [] }
    },
    DeleteRule({ Name }, request) {
      // A rule that does not exist is deleted successfully.
      const gone = rules(request).find(({ name }) => name === Name)
      if (gone && targetsOf(gone).length > 0) {
        throw new AwsError(400, 'ValidationException', "Rule can't be deleted since it has targets.")
      }
      if (gone) deleteResource(world, gone.id)
      return {}
    },
  })
}
