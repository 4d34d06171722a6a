import { karmadaPrograms, withoutPrograms } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, describe } from 'vitest'
import { type LabFederation, startFederation } from './lab-federation.ts'
import { changeScenarios } from './scenarios/changes.ts'
import { kindScenarios } from './scenarios/kinds.ts'
import { placementScenarios } from './scenarios/placement.ts'
import { regionScenarios } from './scenarios/regions.ts'
import { teamScenarios } from './scenarios/teams.ts'
import { names } from './scenarios/world.ts'

/** The same for whoever runs Karmada: what the lab's does otherwise than Karmada itself shows here. */
const scenarios = [placementScenarios, kindScenarios, changeScenarios, regionScenarios, teamScenarios]

function describeOn(programs: string | undefined): void {
  let lab: LabFederation
  beforeAll(async () => {
    lab = await startFederation(names, programs)
  })
  afterAll(() => lab.close())
  for (const declare of scenarios) declare(() => lab)
}

describe("on the lab's Karmada", () => describeOn(undefined))

describe.skipIf(!karmadaPrograms)(`on Karmada itself${withoutPrograms}`, () => describeOn(karmadaPrograms))
