import { formatDuration } from '@meridian/runner'
import type { ClusterSpec } from './arguments.ts'
import type { SavedCluster, SavedGroup } from './saved-cluster.ts'

/** An input that asks for something else than what is there. */
export type Difference = {
  readonly input: string
  readonly saved: string
  readonly wanted: string
  /** `apply`: kops changes it in place; `keep`: it stays as it is; `refuse`: the run would not give what is asked for. */
  readonly remedy: 'apply' | 'keep' | 'refuse'
  /** What to do about it; '' where it is applied. */
  readonly advice: string
}

/** How many machines an instance group is to have. */
export type Resize = { readonly group: string; readonly size: number }

const anew =
  'kops cannot change it in a running cluster: restore the input, or run teardown and create the cluster anew.'
const roll =
  'The machines must be replaced for it: restore the input, or change it with `kops edit instancegroup`, `kops update cluster --yes` and `kops rolling-update cluster --yes`.'

/**
 * Compares a saved cluster with what is asked for, in the inputs' words. The key and further fields count only when a
 * cluster is created: nothing is said of them.
 */
export function compareCluster(saved: SavedCluster, spec: ClusterSpec): Difference[] {
  const refused = (input: string, is: string, wanted: string, advice: string): Difference[] =>
    is === wanted ? [] : [{ input, saved: is, wanted, remedy: 'refuse', advice }]
  const role = (name: SavedGroup['role']) => saved.groups.filter(group => group.role === name)
  const each = (field: 'size' | 'image', groups: readonly SavedGroup[]) =>
    [...new Set(groups.map(group => group[field]))].join(', ')
  return [
    ...refused('zones', saved.zones.join(', '), [...spec.zones].sort().join(', '), anew),
    ...refused('networking', saved.networking, spec.networking, anew),
    ...refused('topology', saved.topology, spec.topology, anew),
    ...refused('dns', dnsWord(saved.dns), spec.dnsZone === undefined ? 'none' : 'zone', anew),
    ...refused('control-plane-count', `${role('control-plane').length}`, `${spec.controlPlane.count}`, anew),
    ...refused('control-plane-size', each('size', role('control-plane')), spec.controlPlane.size, roll),
    ...refused('node-size', each('size', role('node')), spec.nodes.size, roll),
    ...refused('image', each('image', saved.groups), spec.image ?? each('image', saved.groups), roll),
    ...compareVersion(saved.kubernetesVersion, spec.kubernetesVersion),
    ...compareNodeCount(saved, spec),
    ...compareAccess(saved.apiAccess, spec.apiAccess),
    ...keep('channel', saved.channel, spec.channel ?? saved.channel, birthOnly('spec.channel')),
    ...keep('tags', tagsOf(saved.labels), tagsOf(spec.labels), birthOnly('spec.cloudLabels')),
    ...keep('ttl', ttlOf(saved.labels), ttlOf(spec.labels), ttlAdvice),
  ]
}

const birthOnly = (field: string) =>
  `It counts when a cluster is created. To change it, use \`kops edit cluster\` (${field}) and \`kops update cluster --yes\`.`
const ttlAdvice =
  'It counts from the first creation. To keep the cluster longer, change the tag meridian:expires-at of its state bucket.'

function keep(input: string, saved: string, wanted: string, advice: string): Difference[] {
  return saved === wanted ? [] : [{ input, saved, wanted, remedy: 'keep', advice }]
}

/** Those that the user gave: the birth certificate among them tells of the run that made it. */
function tagsOf(labels: ClusterSpec['labels']): string {
  const given = Object.entries(labels).filter(([key]) => !key.startsWith('meridian:'))
  return (
    given
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(', ') || 'none'
  )
}

function ttlOf(labels: ClusterSpec['labels']): string {
  const [from = '', until] = [labels['meridian:created-at'], labels['meridian:expires-at']]
  return until === undefined ? 'unlimited' : formatDuration(Date.parse(until) - Date.parse(from))
}

const dnsWord = (type: string) => (type === 'public' ? 'zone' : type)

function compareVersion(saved: string, wanted: string): Difference[] {
  if (saved === wanted) return []
  const minor = (version: string) => Number(version.split('.')[1])
  const difference = { input: 'kubernetes-version', saved, wanted }
  const upgrade = `\`kops edit cluster --set=spec.kubernetesVersion=${wanted}\` and \`kops reconcile cluster --yes\``
  if (minor(wanted) === minor(saved)) {
    return [
      { ...difference, remedy: 'keep', advice: `It is not changed here. To change it, use ${upgrade}.` },
    ]
  }
  const advice =
    minor(wanted) < minor(saved)
      ? `Kubernetes does not go back to an earlier minor version: set kubernetes-version to ${saved}, or run teardown and create the cluster anew.`
      : `The machines must be replaced for it, one by one: set kubernetes-version to ${saved}, or upgrade with ${upgrade} first.`
  return [{ ...difference, remedy: 'refuse', advice }]
}

function compareNodeCount(saved: SavedCluster, spec: ClusterSpec): Difference[] {
  const nodes = saved.groups.filter(({ role }) => role === 'node')
  const sum = (field: 'min' | 'max') => nodes.reduce((total, group) => total + group[field], 0)
  const wanted = spec.nodes.count
  if (sum('min') <= wanted && wanted <= sum('max')) return []
  const difference = {
    input: 'node-count',
    saved: sum('min') === sum('max') ? `${sum('min')}` : `${sum('min')} to ${sum('max')}`,
    wanted: `${wanted}`,
  }
  if (resizeGroups(saved, spec).length > 0) return [{ ...difference, remedy: 'apply', advice: '' }]
  const advice =
    'Its instance groups are not those that were created: change them with `kops edit instancegroup`.'
  return [{ ...difference, remedy: 'keep', advice }]
}

/** The groups to resize for a number of nodes, spread as kops spreads it; none where the groups are not kops' own. */
export function resizeGroups(saved: SavedCluster, spec: ClusterSpec): Resize[] {
  const nodes = saved.groups.filter(({ role }) => role === 'node')
  const { zones } = spec
  const each = Math.floor(spec.nodes.count / zones.length)
  const groups = zones.map(zone =>
    nodes.find(group => group.zones.join() === zone && group.min === group.max),
  )
  if (groups.includes(undefined) || nodes.length !== zones.length) return []
  return groups.flatMap((group, at) => {
    const size = each + (at < spec.nodes.count % zones.length ? 1 : 0)
    return group === undefined || group.min === size ? [] : [{ group: group.name, size }]
  })
}

/** Who does not state it does not ask to open what another run has closed. */
function compareAccess(saved: readonly string[], wanted: readonly string[] | undefined): Difference[] {
  const words = (cidrs: readonly string[]) => [...cidrs].sort().join(', ')
  if (wanted === undefined || words(saved) === words(wanted)) return []
  return [{ input: 'api-access', saved: words(saved), wanted: words(wanted), remedy: 'apply', advice: '' }]
}
