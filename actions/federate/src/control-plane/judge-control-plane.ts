import { adviseRepository, type Claim, type Identity } from '@meridian/identity'
import type { ControlPlane } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'

export type UsableControlPlane = Exclude<ControlPlane, { state: 'foreign' }>

/** Throws a UserError for what this action must not touch, whoever has made it. */
export function judgeFound(job: Pick<Job, 'log'>, host: Kube, found: ControlPlane): UsableControlPlane {
  if (found.state === 'foreign') {
    throw new UserError(`${host.context} holds a Karmada of other origin: ${found.reason}`, {
      fix: 'Choose another host, remove that control plane by the means it was installed with, or use it with control-plane: existing.',
      input: 'host',
    })
  }
  if (found.state !== 'partial') return found
  const missing = found.missing.join(', ')
  if (found.origin === 'cut-short') {
    job.log.info(`An installation was cut short, it lacks ${missing}.`)
    return found
  }
  if (found.origin === 'others') {
    throw new UserError(
      `the control plane in ${host.context} was not installed by this action and lacks ${missing}`,
      {
        fix: 'Restore what is missing, remove it by the means it was installed with (karmadactl deinit), or choose another host.',
        input: 'host',
      },
    )
  }
  throw new UserError(`the control plane in ${host.context} was whole once and now lacks ${missing}`, {
    fix: 'Repairing it would start from nothing and forget its members: restore what is missing, or run teardown with scope: federation and force: true, and then this again.',
    input: 'host',
  })
}

/**
 * Throws a UserError for a control plane that another identity has installed. Joining members to it changes it for
 * its owners too: only they, or who has been given its kubeconfig, may do so.
 */
export function refusePlane(host: Kube, claim: Claim<unknown>, identity: Identity): void {
  if (claim.kind === 'foreign') {
    throw new UserError(`the federation in ${host.context} belongs to ${claim.whose}`, {
      fix: `Choose another host, or let its owner give you its kubeconfig and use it with control-plane: existing.${adviseRepository(claim.mark, identity)} Nothing has been changed.`,
      input: 'host',
    })
  }
  if (claim.kind !== 'unreadable') return
  throw new UserError(`whose the federation in ${host.context} is cannot be told: ${claim.why}`, {
    fix: `Look at it: kubectl --context=${host.context} get configmap meridian-installation -n karmada-system -o yaml. Nothing has been changed.`,
    input: 'host',
  })
}
