import { unpackDefinitions } from '@meridian/karmada'
import type { Job } from '@meridian/runner'
import type { Inputs } from './inputs.ts'

export async function fetchDefinitions(job: Job, inputs: Inputs): Promise<string> {
  return unpackDefinitions(job, inputs.karmadaCrds ?? '')
}
