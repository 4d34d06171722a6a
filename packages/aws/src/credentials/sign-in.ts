import { firstSent } from '@meridian/runner'
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
 * Asks already now whose account it is, and resolves when that is on its way: the rest of an action is loaded meanwhile.
 * Whoever asks then is told what has gone wrong.
 */
export async function askAhead(signIn: SignIn): Promise<void> {
  const answered = signIn()
    .then(aws => aws.account())
    .catch(() => {})
  await Promise.race([firstSent, answered])
}
