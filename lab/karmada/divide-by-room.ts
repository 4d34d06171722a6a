import type { Candidate, ReplicaScheduling, TargetCluster } from './types.ts'
import { divide } from './webster.ts'
import type { Scheduled, Unschedulable, Workload } from './workload.ts'

type Room = { name: string; replicas: number }

/**
 * Divides replicas by the room that clusters have. What is scheduled already stays: only what is missing or too much
 * is divided, unless a `fresh` schedule has been asked for. After pkg/scheduler/core/{assignment,division_algorithm}.go
 * of Karmada.
 */
export function divideByRoom(
  workload: Workload,
  scheduling: ReplicaScheduling,
  clusters: readonly Candidate[],
  held: readonly TargetCluster[],
  fresh: boolean,
): Scheduled | Unschedulable {
  const present = held
    .filter(target => clusters.some(({ name }) => name === target.name))
    .map(({ name, replicas = 0 }) => ({ name, replicas }))
  const room = clusters.map(cluster => ({ name: cluster.name, replicas: cluster.free() }))
  const missing = workload.replicas - sum(present)
  const spread = (what: string, seats: number, within: Room[], kept: Room[]) =>
    sum(within) < seats
      ? tooLittle(what, sum(within))
      : merge(kept, divide(workload.uid, seats, votesOf(scheduling, within, kept, seats)))
  if (fresh) return spread('do fresh scale', workload.replicas, add(room, present), [])
  if (missing < 0) return spread('scale down', workload.replicas, present, [])
  if (missing > 0) return spread('scale up', missing, room, present)
  return { kind: 'scheduled', clusters: present }
}

// The fewest clusters when aggregated: those that have it already first, then by their room.
function votesOf(
  scheduling: ReplicaScheduling,
  room: readonly Room[],
  kept: readonly Room[],
  seats: number,
): Record<string, number> {
  const roomiest = room.toSorted((a, b) => b.replicas - a.replicas)
  if (scheduling.replicaDivisionPreference !== 'Aggregated') return votes(roomiest)
  const isKept = ({ name }: Room) => kept.some(each => each.name === name && each.replicas > 0)
  const preferred = [...roomiest.filter(isKept), ...roomiest.filter(each => !isKept(each))]
  const enough = preferred.findIndex((_, index) => sum(preferred.slice(0, index + 1)) >= seats)
  return votes(preferred.slice(0, enough + 1))
}

const votes = (room: readonly Room[]) =>
  Object.fromEntries(room.map(({ name, replicas }) => [name, replicas]))
const sum = (targets: readonly Room[]) => targets.reduce((total, { replicas }) => total + replicas, 0)

function add(room: readonly Room[], more: readonly Room[]): Room[] {
  return room.map(({ name, replicas }) => ({
    name,
    replicas: replicas + sum(more.filter(each => each.name === name)),
  }))
}

function merge(kept: readonly Room[], added: readonly Room[]): Scheduled {
  const others = kept.filter(({ name }) => !added.some(each => each.name === name))
  const all = [...add(added, kept), ...others].filter(({ replicas }) => replicas > 0)
  return { kind: 'scheduled', clusters: all.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}

function tooLittle(what: string, available: number): Unschedulable {
  const message = `failed to assign replicas: failed to ${what}: Clusters available replicas ${available} are not enough to schedule.`
  return { kind: 'no fit', reason: 'Unschedulable', message }
}
