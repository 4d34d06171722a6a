import { askAhead, signInOnce } from '@meridian/aws'
import { start } from '@meridian/runner'
import action from '../package.json' with { type: 'json' }
import { readInputs } from './inputs.ts'

await start(action, readInputs, async (inputs, job) => {
  const signIn = signInOnce(job, inputs)
  await askAhead(signIn)
  const { run } = await import('./run.ts')
  await run(inputs, job, signIn)
})
