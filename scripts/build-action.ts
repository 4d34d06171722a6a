// Bundles the action in the current directory: `dist/index.js` is what GitHub runs.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultsFile, defaultsOf } from '../packages/runner/src/inputs/default-inputs.ts'
import { writeBundle } from './bundle.ts'
import { collectLicences } from './collect-licences.ts'

const sources = await writeBundle('src/main.ts', 'dist')
await writeFile('dist/licenses.txt', collectLicences(sources))
const defaults = defaultsOf(await readFile('action.yml', 'utf8'))
await writeFile(join('dist', defaultsFile), `${JSON.stringify(defaults, null, 2)}\n`)
