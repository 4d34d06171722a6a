import type { SignIn } from '@meridian/aws'
import { type Cluster, listClusters } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import type { GivenPlacement } from './parse-placement.ts'
import type { NameInputs } from './read-regions-out.ts'

/** The placement that was given, without what is out of the names in the input `record`; says so. */
export async function placeWithoutOut(
  inputs: Pick<Inputs, 'placement' | 'record'> & NameInputs,
  job: Job,
  federation: Kube,
  signIn: SignIn,
): Promise<GivenPlacement> {
  if (inputs.record === undefined) return inputs.placement
  const { readRegionsOut } = await import('./read-regions-out.ts')
  const out = await readRegionsOut({ ...inputs, record: inputs.record }, job, signIn)
  if (out.size === 0) return inputs.placement
  const { placement, absent } = excludeRegions(inputs.placement, await listClusters(federation), out)
  const without = absent.length === 0 ? 'no member is in it' : `deployed without ${absent.join(', ')}`
  job.log.warning(
    `${[...out].join(', ')} is taken out of ${inputs.record.join(', ')}: ${without}. To bring it back, run latency-dns with mode: bring-back, then this again.`,
  )
  return placement
}

/** The placement without the clusters of regions that are out, and which those are. Throws a UserError if none is left. */
export function excludeRegions(
  placement: GivenPlacement,
  members: readonly Cluster[],
  out: ReadonlySet<string>,
): { placement: GivenPlacement; absent: readonly string[] } {
  const isOut = ({ spec }: Cluster) => spec.region !== undefined && out.has(spec.region)
  const absent = members.filter(isOut).map(({ metadata }) => metadata.name)
  if (absent.length > 0 && absent.length === members.length) {
    throw new UserError(`every region is taken out: ${[...out].join(', ')}`, {
      fix: 'Bring one back with latency-dns, mode: bring-back, or leave record out to deploy all the same.',
      input: 'record',
    })
  }
  const exclude = [...new Set([...(placement.exclude ?? []), ...absent])]
  return { placement: absent.length === 0 ? placement : { ...placement, exclude }, absent }
}
