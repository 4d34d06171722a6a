import { loadedMeanwhile } from '@meridian/aws'
import { start } from '@meridian/runner'
import action from '../package.json' with { type: 'json' }
import { needsAccount, readInputs } from './inputs.ts'

await start(
  action,
  readInputs,
  loadedMeanwhile(() => import('./run.ts'), needsAccount),
)
