import type { Thing } from '../ledger.ts'
import { listFound } from '../summary.ts'
import { surveyEnvironment } from '../survey.ts'
import type { Work } from '../work.ts'
import { type Candidate, nameOf } from './candidate.ts'
import { eachDue } from './each-due.ts'
import { planPasses } from './passes.ts'

/** What would go with the environments that are due, what is to be known before, and what would be refused. */
export type Rehearsal = {
  readonly things: readonly Thing[]
  readonly notices: readonly string[]
  readonly problems: readonly string[]
}

/** Looks at each environment as its destruction would, and only reads: what is refused then is told now. */
export async function rehearse(work: Work, due: readonly Candidate[]): Promise<Rehearsal> {
  const { results, problems } = await eachDue(work, due, async (narrowed, candidate) => {
    const seen: Pick<Rehearsal, 'things' | 'notices'>[] = []
    for (const inputs of await planPasses(narrowed, candidate.environment)) {
      const survey = await surveyEnvironment({ ...narrowed, inputs })
      const notices = survey.notices.map(notice => `${nameOf(candidate)}: ${notice}`)
      seen.push({ things: listFound(survey, inputs.scope), notices })
    }
    return seen
  })
  const seen = results.flat()
  return {
    things: seen.flatMap(({ things }) => things),
    notices: seen.flatMap(({ notices }) => notices),
    problems,
  }
}
