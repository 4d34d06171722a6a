import { ToolError } from '../terminal.ts'
import type { InstanceGroup } from './cluster-object.ts'
import { clusterNameOf, type KopsCommand, storeOf } from './context.ts'
import { checkMixed } from './mixed-instances.ts'
import { readCluster, readInstanceGroups, toYaml } from './registry.ts'
import { setGroupField, unsetGroupField } from './set-field.ts'

/** `kops edit instancegroup`, as far as it needs no editor. */
export const editInstanceGroup: KopsCommand = {
  name: 'instancegroup',
  aliases: ['instancegroups', 'ig'],
  operands: 'INSTANCE_GROUP',
  about: 'Edit instancegroup.',
  flags: [
    { name: 'set', kind: 'lines', type: 'strings', usage: 'Directly set values in the spec' },
    { name: 'unset', kind: 'list', usage: 'Directly unset values in the spec' },
  ],
  check(args, flags, env) {
    if (!flags.text('name') && !env.KOPS_CLUSTER_NAME) return '--name is required'
    if (args.length === 0) return 'must specify the name of the instance group to edit'
    return args.length === 1 ? undefined : 'can only edit one instance group at a time'
  },
  async run(call, kops) {
    const [groupName = ''] = call.args
    const store = await storeOf(call, kops)
    const name = clusterNameOf({ ...call, args: [] }, kops)
    await readCluster(store, name)
    const group = (await readInstanceGroups(store, name)).find(({ metadata }) => metadata.name === groupName)
    if (!group) throw new ToolError(`InstanceGroup ${JSON.stringify(groupName)} not found`)
    const assignments = call.flags.list('set')
    const unsets = call.flags.list('unset')
    if (assignments.length + unsets.length === 0)
      throw new ToolError('error launching editor: there is no terminal')
    for (const path of unsets) unsetGroupField(group, path)
    for (const assignment of assignments) setGroupField(group, assignment)
    checkSizes(group)
    checkMixed(group)
    await store.write(`${name}/instancegroup/${groupName}`, toYaml(group))
  },
}

/** Refuses limits that contradict each other, in the words of kops' validation. */
export function checkSizes({ spec }: InstanceGroup): void {
  if (spec.maxSize >= spec.minSize) return
  throw new ToolError('spec.maxSize: Forbidden: maxSize must be greater than or equal to minSize.')
}
