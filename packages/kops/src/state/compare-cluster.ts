import type { SavedCluster, SavedGroup } from './saved-cluster.ts'
import { refuseUpgrade, type UpgradeRange } from './versions.ts'

/** What is asked of a cluster that is there. What was not given is undefined, and is not compared. */
export type Asked = {
  readonly zones?: readonly string[] | undefined
  readonly kubernetesVersion?: string | undefined
  readonly controlPlaneCount?: number | undefined
  readonly controlPlaneSize?: string | undefined
  readonly nodeCount?: number | undefined
  /** Several with commas between them. */
  readonly nodeSize?: string | undefined
  readonly spot?: boolean | undefined
  readonly networking?: string | undefined
  readonly topology?: string | undefined
  readonly dns?: 'none' | 'zone' | undefined
  /** CIDRs. */
  readonly apiAccess?: readonly string[] | undefined
  /** CIDRs; none of them for closed. */
  readonly sshAccess?: readonly string[] | undefined
  readonly image?: string | undefined
  readonly channel?: string | undefined
  readonly permissionsBoundary?: string | undefined
  readonly tags?: readonly (readonly [string, string])[] | undefined
}

/** An input that asks for something else than what is there. */
export type Difference = {
  readonly input: string
  readonly saved: string
  readonly wanted: string
  /**
   * `apply`: kops changes it in place; `roll`: it replaces the machines for it; `keep`: it stays as it is; `refuse`: the
   * run would not give what is asked for.
   */
  readonly remedy: 'apply' | 'roll' | 'keep' | 'refuse'
  /** What to do about it; '' where it is applied. */
  readonly advice: string
}

/** How many machines an instance group is to have. */
export type Resize = { readonly group: string; readonly size: number }

const anew =
  'kops cannot change it in a running cluster: leave the input out, or run teardown and create the cluster anew.'
const roll =
  'The machines must be replaced for it, one after the other: leave the input out, or set upgrade to true.'

/**
 * Compares a saved cluster with what was given, in the inputs' words. The key and further fields count only when a
 * cluster is created: nothing is said of them. With `upgrade` the machines may be replaced.
 */
export function compareCluster(saved: SavedCluster, asked: Asked, upgrade?: UpgradeRange): Difference[] {
  const refused = (input: string, is: string, wanted: string | undefined, advice: string): Difference[] =>
    wanted === undefined || is === wanted ? [] : [{ input, saved: is, wanted, remedy: 'refuse', advice }]
  const rolled = (input: string, is: string, wanted: string | undefined): Difference[] =>
    refused(input, is, wanted, roll).map(each => (upgrade ? { ...each, remedy: 'roll', advice: '' } : each))
  const keep = (input: string, is: string, wanted: string | undefined, field: string): Difference[] =>
    wanted === undefined || is === wanted
      ? []
      : [{ input, saved: is, wanted, remedy: 'keep', advice: birthOnly(field) }]
  const role = (name: SavedGroup['role']) => saved.groups.filter(group => group.role === name)
  const each = (field: 'size' | 'spot' | 'image', groups: readonly SavedGroup[]) =>
    [...new Set(groups.map(group => `${group[field] ?? false}`))].join(', ')
  const zones = asked.zones && [...asked.zones].sort().join(', ')
  return [
    ...refused('zones', saved.zones.join(', '), zones, anew),
    ...refused('networking', saved.networking, asked.networking, anew),
    ...refused('topology', saved.topology, asked.topology, anew),
    ...refused('dns', dnsWord(saved.dns), asked.dns, anew),
    ...refused(
      'control-plane-count',
      `${role('control-plane').length}`,
      count(asked.controlPlaneCount),
      anew,
    ),
    ...rolled('control-plane-size', each('size', role('control-plane')), asked.controlPlaneSize),
    ...rolled('node-size', each('size', role('node')), asked.nodeSize),
    ...keep(
      'spot',
      each('spot', role('node')),
      asked.spot === undefined ? undefined : `${asked.spot}`,
      'spec.mixedInstancesPolicy of its nodes',
    ),
    ...rolled('image', each('image', saved.groups), asked.image),
    ...compareVersion(saved.kubernetesVersion, asked.kubernetesVersion, upgrade),
    ...compareNodeCount(saved, asked.nodeCount, asked.zones),
    ...compareAccess(saved.apiAccess, asked.apiAccess),
    ...keep(
      'ssh-access',
      networkWords(saved.sshAccess),
      asked.sshAccess && networkWords(asked.sshAccess),
      'spec.sshAccess',
    ),
    ...keep('channel', saved.channel, asked.channel, 'spec.channel'),
    ...keep(
      'permissions-boundary',
      saved.permissionsBoundary,
      asked.permissionsBoundary,
      'spec.iam.permissionsBoundary',
    ),
    ...keep(
      'tags',
      tagWords(Object.entries(saved.labels)),
      asked.tags && tagWords(asked.tags),
      'spec.cloudLabels',
    ),
  ]
}

const count = (given: number | undefined) => (given === undefined ? undefined : `${given}`)

const birthOnly = (field: string) =>
  `It counts when a cluster is created. To change it, use \`kops edit cluster\` (${field}) and \`kops update cluster --yes\`.`

/** Those that a user gave: the mark among them tells whose it is. */
function tagWords(tags: readonly (readonly [string, string])[]): string {
  const given = tags.filter(([key]) => !key.startsWith('meridian:'))
  const words = given.map(([key, value]) => `${key}=${value}`).sort()
  return words.join(', ') || 'none'
}

const networkWords = (cidrs: readonly string[]) => [...cidrs].sort().join(', ') || 'none'

const dnsWord = (type: string) => (type === 'public' ? 'zone' : type)

function compareVersion(
  saved: string,
  wanted: string | undefined,
  upgrade: UpgradeRange | undefined,
): Difference[] {
  if (wanted === undefined || saved === wanted) return []
  const difference = { input: 'kubernetes-version', saved, wanted }
  if (upgrade !== undefined) {
    const why = refuseUpgrade(saved, wanted, upgrade)
    if (why === undefined) return [{ ...difference, remedy: 'roll', advice: '' }]
    return [{ ...difference, remedy: 'refuse', advice: `Correct kubernetes-version: ${why}.` }]
  }
  const minor = (version: string) => Number(version.split('.')[1])
  if (minor(wanted) === minor(saved)) {
    const advice = 'It is not changed here. To change it, set upgrade to true.'
    return [{ ...difference, remedy: 'keep', advice }]
  }
  const advice =
    minor(wanted) < minor(saved)
      ? 'Kubernetes does not go back to an earlier minor version: leave kubernetes-version out, or run teardown and create the cluster anew.'
      : 'The machines must be replaced for it, one by one: leave kubernetes-version out, or set upgrade to true.'
  return [{ ...difference, remedy: 'refuse', advice }]
}

function compareNodeCount(
  saved: SavedCluster,
  wanted: number | undefined,
  zones: readonly string[] | undefined,
): Difference[] {
  const nodes = saved.groups.filter(({ role }) => role === 'node')
  const sum = (field: 'min' | 'max') => nodes.reduce((total, group) => total + group[field], 0)
  if (wanted === undefined || (sum('min') <= wanted && wanted <= sum('max'))) return []
  const difference = {
    input: 'node-count',
    saved: sum('min') === sum('max') ? `${sum('min')}` : `${sum('min')} to ${sum('max')}`,
    wanted: `${wanted}`,
  }
  if (resizeGroups(saved, wanted, zones).length > 0) return [{ ...difference, remedy: 'apply', advice: '' }]
  const advice =
    'Its instance groups are not those that were created: change them with `kops edit instancegroup`.'
  return [{ ...difference, remedy: 'keep', advice }]
}

/** The groups to resize for a number of nodes, spread over zones in their order as kops spreads it; none where the groups are not kops' own. */
export function resizeGroups(
  saved: SavedCluster,
  wanted: number,
  zones: readonly string[] = saved.zones,
): Resize[] {
  const nodes = saved.groups.filter(({ role }) => role === 'node')
  const each = Math.floor(wanted / zones.length)
  const groups = zones.map(zone =>
    nodes.find(group => group.zones.join() === zone && group.min === group.max),
  )
  if (groups.includes(undefined) || nodes.length !== zones.length) return []
  return groups.flatMap((group, at) => {
    const size = each + (at < wanted % zones.length ? 1 : 0)
    return group === undefined || group.min === size ? [] : [{ group: group.name, size }]
  })
}

/** Who does not state it does not ask to open what another run has closed. */
function compareAccess(saved: readonly string[], wanted: readonly string[] | undefined): Difference[] {
  const [is, asked] = [networkWords(saved), wanted && networkWords(wanted)]
  if (asked === undefined || is === asked) return []
  return [{ input: 'api-access', saved: is, wanted: asked, remedy: 'apply', advice: '' }]
}

/** `node-count is 1, not 3`. */
export function describeDifference({ input, saved, wanted }: Difference): string {
  return `${input} is ${saved || 'not set'}, not ${wanted}`
}
