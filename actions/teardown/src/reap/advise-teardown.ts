import { type ClusterDescriptor, identityOfMark, isSameRepository } from '@meridian/identity'
import { typedInputs } from '@meridian/runner'
import type { Work } from '../work.ts'
import { aliasOf, type FoundClaim } from './claims.ts'

type Named = Pick<FoundClaim, 'fullName' | 'region' | 'mark'> & Partial<Pick<ClusterDescriptor, 'stateStore'>>

/** The inputs with which a teardown takes one cluster. Pure. */
export function adviseTeardown(
  { identity, inputs }: Pick<Work, 'identity' | 'inputs'>,
  { mark, ...cluster }: Named,
): string {
  const whose = identityOfMark(mark) ?? identity
  const { domain, environment, repository } = whose
  return typedInputs({
    clusters: JSON.stringify([{ name: aliasOf(cluster.fullName, whose), ...cluster }]),
    domain,
    environment,
    repository: isSameRepository(repository, identity.repository) ? undefined : repository.name,
    'state-store-account': inputs.stateStoreAccount,
  })
}
