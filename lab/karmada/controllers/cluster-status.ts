import { type ControlLoop, paced, startControlLoop } from '@meridian/lab-clusters/control-loop'
import { type Condition, findCondition, type KubeObject, setCondition } from '@meridian/lab-kube-api'
import { valueAt } from '@meridian/lab-world/json'
import { type ControlPlane, nowOf } from '../control-plane.ts'
import type { MemberClient } from '../member-client.ts'
import { type MemberReport, probe, type ReadMember, readableMember, readMember } from '../read-member.ts'

type Observation = { condition: Omit<Condition, 'lastTransitionTime'>; report?: MemberReport }
type Streak = { status: string; since: number }

const healthy = 'cluster is healthy and ready to accept workloads'
const unhealthy = 'cluster is reachable but health endpoint responded without ok'
const updateSeconds = 10
const thresholdSeconds = 30
// However fast the world's clock runs, a member is probed at most four times per real second.
const leastRealSeconds = 0.25

/** Probes every member through its endpoint and writes what it finds into the Cluster's status. */
export function startClusterStatus(plane: ControlPlane): ControlLoop {
  const streaks = new Map<string, Streak>()
  const members = new Map<string, ReadMember>()
  const { clock } = plane.world
  const every = paced(clock, updateSeconds, leastRealSeconds)
  const loop = startControlLoop({
    clock,
    async reconcile(name) {
      const cluster = plane.store.get('Cluster', undefined, name)
      if (!cluster) {
        streaks.delete(name)
        leave(members, name)
        plane.members.forget(name)
        return undefined
      }
      if (valueAt(cluster, 'spec', 'syncMode') !== 'Push') return undefined
      write(plane, name, await observe(plane, cluster, members), streaks)
      return every
    },
  })
  loop.follow(plane.store, 'Cluster', object => [object.metadata.name])
  loop.follow(plane.store, 'Secret', secret => clustersOf(plane, secret))
  return {
    ...loop,
    stop() {
      loop.stop()
      for (const name of [...members.keys()]) leave(members, name)
    },
  }
}

function leave(members: Map<string, ReadMember>, name: string): void {
  const member = members.get(name)
  members.delete(name)
  member?.nodes.close()
  member?.pods.close()
}

/** The member behind a client; another one than before where its endpoint or its Secret has changed. */
function enter(members: Map<string, ReadMember>, name: string, client: MemberClient): ReadMember {
  const present = members.get(name)
  if (present?.client === client) return present
  leave(members, name)
  const member = readableMember(client)
  members.set(name, member)
  return member
}

function clustersOf({ store }: ControlPlane, { metadata: { namespace, name } }: KubeObject): string[] {
  const using = store.list('Cluster').filter(cluster => {
    const reference = valueAt(cluster, 'spec', 'secretRef') as
      | { namespace?: string; name?: string }
      | undefined
    return reference?.namespace === namespace && reference?.name === name
  })
  return using.map(cluster => cluster.metadata.name)
}

async function observe(
  plane: ControlPlane,
  cluster: KubeObject,
  members: Map<string, ReadMember>,
): Promise<Observation> {
  let client: MemberClient
  try {
    client = plane.members.client(cluster)
  } catch (error) {
    return { condition: ready('False', 'StatusCollectionFailed', messageOf(error)) }
  }
  try {
    if (!(await probe(client))) return { condition: ready('False', 'ClusterNotReady', unhealthy) }
    const report = await readMember(enter(members, cluster.metadata.name, client))
    return { condition: ready('True', 'ClusterReady', healthy), report }
  } catch (error) {
    return {
      condition: ready('False', 'ClusterNotReachable', `cluster is not reachable: ${messageOf(error)}`),
    }
  }
}

function write(
  plane: ControlPlane,
  name: string,
  observation: Observation,
  streaks: Map<string, Streak>,
): void {
  const { condition, report } = observation
  plane.store.modify(
    'Cluster',
    undefined,
    name,
    draft => {
      const before = findCondition(draft, 'Ready')
      const flips = isAccepted(before?.status, condition.status, name, plane.world.clock.elapsed(), streaks)
      const status = (draft.status ?? {}) as { conditions?: Condition[] }
      let conditions = status.conditions
      if (report) conditions = setCondition(conditions, enablement(report), nowOf(plane))
      if (flips) conditions = setCondition(conditions, condition, nowOf(plane))
      draft.status = { ...status, ...report, ...(conditions ? { conditions } : {}) }
    },
    { status: true },
  )
}

// One failed probe does not take a member out, nor one good probe back in; the first observation counts at once.
function isAccepted(
  before: string | undefined,
  status: string,
  name: string,
  now: number,
  streaks: Map<string, Streak>,
): boolean {
  const streak = streaks.get(name)
  if (streak?.status !== status) streaks.set(name, { status, since: now })
  if (before === undefined || before === status) return true
  return now - (streaks.get(name)?.since ?? now) >= thresholdSeconds
}

function ready(
  status: 'True' | 'False',
  reason: string,
  message: string,
): Omit<Condition, 'lastTransitionTime'> {
  return { type: 'Ready', status, reason, message }
}

function enablement({ apiEnablements }: MemberReport): Omit<Condition, 'lastTransitionTime'> {
  const type = 'CompleteAPIEnablements'
  if (apiEnablements.length === 0)
    return {
      type,
      status: 'False',
      reason: 'Empty',
      message: 'collected empty APIEnablements from the cluster',
    }
  return {
    type,
    status: 'True',
    reason: 'Complete',
    message: 'collected complete APIEnablements from the cluster',
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
