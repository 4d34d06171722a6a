// Bundles the action in the current directory: `dist/index.js` is what GitHub runs.
import { writeFile } from 'node:fs/promises'
import { writeBundle } from './bundle.ts'
import { collectLicences } from './collect-licences.ts'

const sources = await writeBundle('src/main.ts', 'dist')
await writeFile('dist/licenses.txt', collectLicences(sources))
