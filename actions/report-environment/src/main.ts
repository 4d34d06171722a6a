import { start } from '@meridian/runner'
import action from '../package.json' with { type: 'json' }
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

await start(action, readInputs, run)
