import { type Environment, firstSent, type Job } from '@meridian/runner'
import type { Aws, AwsJob } from './aws.ts'
import type { AwsInputs } from './aws-inputs.ts'
import { connectAws } from './connect.ts'

/** The way to AWS, for whoever needs it: some runs do not. */
export type SignIn = () => Promise<Aws>

/** Signs in when that is asked for first, and not again. */
export function signInOnce(job: AwsJob, inputs: AwsInputs): SignIn {
  let signed: Promise<Aws> | undefined
  return () => {
    signed ??= connectAws(job, inputs)
    return signed
  }
}

/**
 * What an action does, loaded while AWS is asked whose account it is, which most runs need to know first. Where `needsAccount`
 * says no it is not asked ahead. Whoever asks later is told what has gone wrong.
 */
export function loadedMeanwhile<Inputs extends AwsInputs>(
  load: () => Promise<{ run(inputs: Inputs, job: Job, signIn: SignIn): Promise<void> }>,
  needsAccount: (inputs: Inputs, env: Environment) => boolean = () => true,
): (inputs: Inputs, job: Job) => Promise<void> {
  return async (inputs, job) => {
    const signIn = signInOnce(job, inputs)
    if (needsAccount(inputs, job.env)) {
      const answered = signIn()
        .then(aws => aws.account())
        .catch(() => {})
      await Promise.race([firstSent, answered])
    }
    const { run } = await load()
    await run(inputs, job, signIn)
  }
}
