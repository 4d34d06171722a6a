import type { Aws } from '@meridian/aws'
import { launchFailures } from '@meridian/inventory'
import { fatalFailure, type Kops, type Validation, validateCluster } from '@meridian/kops'
import { type Kube, KubeError } from '@meridian/kube'
import { done, type Job, pause, waitFor, waiting } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import { lookAtSystem } from './look-at-system.ts'

/** A cluster that has just become healthy may lose its API for a moment, so it is looked at more than once. */
const betweenLooks = 1_000
/** While an API is silent its cluster cannot tell of changes: that it answers is seen by asking, which costs little. */
const every = { first: 500, most: 2_000 }
/** kops has the last word, and a word now and then: a start of it takes seconds and a hundred requests. */
const betweenWords = 120_000
/** Where kops does not find healthy what the API finds so. */
const betweenProofs = 5_000
/** Auto Scaling tries again and again; AWS counts how often it is asked. */
const betweenQuestions = 5_000

/** Waits until a look finds the cluster healthy several times in a row; ends at once when the look throws. `advice` is told
 * with a failure.
 */
export async function awaitHealth(
  inputs: Inputs,
  {
    look,
    kube,
    count = inputs.validateCount,
  }: { look: () => Promise<Validation>; kube: Kube; count?: number },
  job: Job,
  advice = '',
): Promise<Validation> {
  return waitFor<Validation>(job, {
    what: `cluster ${inputs.cluster.fullName}`,
    fix: `Raise timeout if it was making progress. ${advice}`.trim(),
    every,
    hint: () => kube.changes([node, { ...pod, namespace: 'kube-system' }]),
    probe: async () => {
      for (let seen = 1; ; seen += 1) {
        const validation = await look()
        if (!validation.ready) return waiting(validation.missing)
        if (seen >= count) return done(validation)
        await pause(betweenLooks, job.signal)
      }
    },
  })
}

const node = { apiVersion: 'v1', kind: 'Node' }
const pod = { apiVersion: 'v1', kind: 'Pod' }

/**
 * Looks at a cluster that kops looks after. Whatever moves is seen through the cluster's own API, which is cheap; what that finds
 * healthy, `validate-count` times less one, kops is to confirm. It is asked as well why an API is silent, whenever that changes, and every two minutes.
 * Where machines are missing that EC2 has refused to launch, waiting is of no use: that is thrown.
 */
export function lookWithKops(
  inputs: Inputs,
  expected: number,
  { aws, kops, kube, signal }: { aws: Aws; kops: Kops; kube: Kube; signal: AbortSignal },
): () => Promise<Validation> {
  let word = { at: Date.now(), silence: '', isProof: false, said: notAsked }
  const isPast = (milliseconds: number) => Date.now() - word.at > milliseconds
  const lookAtLaunches = createLaunchLook(inputs, expected, aws)
  const lookOften = async () => {
    for (let seen = 1; ; seen += 1) {
      const own = await lookAtSystem(kube, expected)
      if (own instanceof KubeError || !own.ready || seen >= inputs.validateCount - 1) return own
      await pause(betweenLooks, signal)
    }
  }
  const look = async () => {
    const own = await lookOften()
    const isSilent = own instanceof KubeError
    const silence = isSilent ? kindOf(own) : word.silence
    const isDue = isSilent ? silence !== word.silence : own.ready && (!word.isProof || isPast(betweenProofs))
    if (isDue || isPast(betweenWords)) {
      const said = await validateCluster(kops, inputs.cluster, expected)
      word = { at: Date.now(), silence, isProof: !isSilent && own.ready, said }
      return said
    }
    return isSilent || own.ready ? word.said : own
  }
  return async () => {
    const validation = await look()
    if (!validation.ready) await lookAtLaunches(validation)
    return validation
  }
}

const notAsked: Validation = { ready: false, nodes: [], missing: 'it was not looked at' }

/** Errors of one kind have one cause. */
function kindOf({ status, reason, cause }: KubeError): string {
  return [status, reason, (cause as NodeJS.ErrnoException | undefined)?.code].join(' ')
}

/** Throws what EC2 says of machines that it does not launch, where there are fewer than are to join. */
function createLaunchLook(inputs: Inputs, expected: number, aws: Aws): (seen: Validation) => Promise<void> {
  const tag = { key: 'KubernetesCluster', value: inputs.cluster.fullName }
  let askedAt = Number.NEGATIVE_INFINITY
  return async ({ nodes }) => {
    if (nodes.length >= expected || Date.now() - askedAt < betweenQuestions) return
    askedAt = Date.now()
    for (const { group, reason } of await launchFailures(aws, inputs.cluster.region, tag)) {
      const failure = fatalFailure(reason, `EC2 does not launch the machines of ${group}`)
      if (failure !== undefined) throw failure
    }
  }
}
