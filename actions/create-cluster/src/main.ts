import { askAhead, signInOnce } from '@meridian/aws'
import { start } from '@meridian/runner'
import action from '../package.json' with { type: 'json' }
import { needsAccount, readInputs } from './inputs.ts'

await start(action, readInputs, async (inputs, job) => {
  const signIn = signInOnce(job, inputs)
  if (needsAccount(inputs)) await askAhead(signIn)
  const { run } = await import('./run.ts')
  await run(inputs, job, signIn)
})
