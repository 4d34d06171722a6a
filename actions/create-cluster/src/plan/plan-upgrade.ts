import { type DueGroup, firstType, type MachineEdit, type SavedCluster } from '@meridian/kops'
import { formatDuration } from '@meridian/runner'
import type { Plan, Replacement, Update, Upgrade } from './plan.ts'
import { edits as savesSomething } from './plan-update.ts'

/** By kops' own pauses (two validations, 15 s before them, 30 s between looks) and what machines take to boot. */
const minutesEach = { 'control-plane': 6, node: 7, other: 7 } as const

/**
 * The machines that are to be replaced: those that AWS has of an older template, and all of a group for which something
 * else is saved now, by this run or, where they are applied too, by others. Of a run that was cut short nobody knows what
 * it had saved. Pure.
 */
export function planUpgrade(
  { differences, pending, unfinished }: Pick<Update, 'differences' | 'pending' | 'unfinished'>,
  saved: SavedCluster,
  due: readonly DueGroup[],
): Upgrade {
  const rolls = differences.filter(({ remedy }) => remedy === 'roll')
  const wanted = (input: string) => rolls.find(each => each.input === input)?.wanted
  const version = wanted('kubernetes-version')
  const edits = saved.groups.flatMap(({ name, role, size, image, mixed = false }): MachineEdit[] => {
    const type =
      role === 'control-plane'
        ? wanted('control-plane-size')
        : role === 'node'
          ? wanted('node-size')
          : undefined
    const other = wanted('image')
    return [
      ...(type !== undefined && type !== size
        ? [{ group: name, field: 'machineType', value: type, ...(mixed && { mixed }) } as const]
        : []),
      ...(other !== undefined && other !== image
        ? [{ group: name, field: 'image', value: other } as const]
        : []),
    ]
  })
  const sizeOf = (group: string) => saved.groups.find(({ name }) => name === group)?.size ?? ''
  const isEdited = (group: string) =>
    unfinished ||
    version !== undefined ||
    edits.some(
      edit =>
        edit.group === group &&
        (edit.field === 'image' || firstType(edit.value) !== firstType(sizeOf(group))),
    ) ||
    pending.some(change => change.includes(`LaunchTemplate/${group}.`))
  const replaces = saved.groups
    .map(({ name, role, min }): Replacement => {
      const old = due.find(({ group }) => group === name)?.machines ?? 0
      const machines = isEdited(name) ? Math.max(min, old) : old
      return { group: name, role, machines, minutes: machines * minutesEach[role] }
    })
    .filter(({ machines }) => machines > 0)
    .sort((a, b) => Number(b.role === 'control-plane') - Number(a.role === 'control-plane'))
  return { version, edits, replaces }
}

/** An update with the replacement of machines, if there is one and `left` milliseconds suffice for it. Pure. */
export function withUpgrade(plan: Update, saved: SavedCluster, due: readonly DueGroup[], left: number): Plan {
  const upgrade = planUpgrade(plan, saved, due)
  if (upgrade.replaces.length === 0 && !plan.unfinished && !savesSomething(plan)) return plan
  const wanted = minutesOf(upgrade) * 60_000
  if (wanted <= left) return { ...plan, upgrade }
  return {
    kind: 'refuse',
    reason: `it would replace ${describeUpgrade(upgrade)}, which takes longer than the ${formatDuration(left)} that timeout leaves`,
    fix: `Set timeout to ${formatDuration(wanted * 1.5).replaceAll(' ', '')} or more, and timeout-minutes of the job likewise. Nothing has been changed.`,
    input: 'timeout',
  }
}

/** About how long an upgrade takes, in minutes. */
export function minutesOf({ replaces }: Upgrade): number {
  return replaces.reduce((sum, { minutes }) => sum + minutes, 0)
}

/** `control-plane-us-east-1a (1 machine, about 6m), then nodes-us-east-1a (2 machines, about 14m)`. */
export function describeUpgrade({ replaces }: Pick<Upgrade, 'replaces'>): string {
  const words = replaces.map(
    ({ group, machines, minutes }) =>
      `${group} (${machines} machine${machines === 1 ? '' : 's'}, about ${minutes}m)`,
  )
  return words.join(', then ')
}
