import { type Claim, type Identity, objectLabels } from '@meridian/identity'
import { describeRef, isNotFound, isUnreachable, type Kube, type KubeObject, refOf } from '@meridian/kube'
import { done, type Job, messageOf, waitFor, waiting } from '@meridian/runner'
import type { InstalledPlane } from '../control-plane/installed-plane.ts'
import { judgeObject } from './app-objects.ts'

type Service = KubeObject & { spec?: { type?: string } }
type Owner = { identity: Identity; plane: Claim<InstalledPlane> | undefined }

/** Waits until members have no load balancer and no volume of the identity's; those of others are not waited for. */
export async function waitMembersClean(
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
  members: readonly Kube[],
  identity: Identity,
  plane?: Claim<InstalledPlane>,
): Promise<void> {
  const unreachable = new Set<string>()
  const owner = { identity, plane }
  await waitFor(job, {
    what: 'load balancers and volumes of the app to be gone',
    fix: 'Look at the events of the Services that are named: their cluster must be able to delete load balancers. Then run this again.',
    probe: async () => {
      const reachable = members.filter(member => !unreachable.has(member.context))
      const found = await Promise.all(
        reachable.map(member =>
          listCostly(member, owner).catch(error => {
            if (!isUnreachable(error) && !isNotFound(error)) throw error
            unreachable.add(member.context)
            job.log.warning(`${member.context} cannot be asked what is left in it: ${messageOf(error)}`)
            return []
          }),
        ),
      )
      const left = found.flat()
      return left.length === 0 ? done(undefined) : waiting(left.join(', '))
    },
  })
}

async function listCostly(member: Kube, { identity, plane }: Owner): Promise<string[]> {
  const labels = objectLabels(identity)
  const [services, claims] = await Promise.all([
    member.list<Service>({ apiVersion: 'v1', kind: 'Service' }, { labels }),
    member.list({ apiVersion: 'v1', kind: 'PersistentVolumeClaim' }, { labels }),
  ])
  const costly = [...services.filter(({ spec }) => spec?.type === 'LoadBalancer'), ...claims]
  return costly
    .filter(object => judgeObject(object, identity, plane).kind === 'ours')
    .map(object => `${describeRef(refOf(object))} in ${member.context}`)
}
