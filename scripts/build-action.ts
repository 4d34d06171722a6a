// Bundles the action in the current directory: `dist/index.js` is what GitHub runs.
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import ncc from '@vercel/ncc'
import { transform } from 'esbuild'
import { collectLicences } from './collect-licences.ts'

/**
 * Packages without effects on import that do not say so. The bundler keeps every module of a package that is
 * silent about it: 3 MB of API models in the Kubernetes client, an HTTP stack in the toolkit's core.
 */
const sideEffectFree = ['@kubernetes/client-node', '@actions/core', '@actions/http-client']

const directory = process.cwd()
await Promise.all(sideEffectFree.map(markSideEffectFree))
const entry = join(directory, 'src/main.ts')
const { code, assets } = await ncc(entry, {
  cache: false,
  minify: false,
  target: 'es2024',
  transpileOnly: true,
  quiet: true,
})
await rm(join(directory, 'dist'), { recursive: true, force: true })
await writeInto('index.js', code)
await writeInto('licenses.txt', await collectLicences(entry))
for (const [name, { source }] of Object.entries(assets)) await writeInto(name, source)

async function writeInto(name: string, content: string | Buffer): Promise<void> {
  const path = join(directory, 'dist', name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, name.endsWith('.js') ? await minify(String(content)) : content)
}

/** ncc's own minifier only shortens names: esbuild saves a sixth more, in a hundredth of the time. */
async function minify(script: string): Promise<string> {
  const options = {
    minify: true,
    format: 'esm',
    target: 'es2024',
    legalComments: 'none',
    charset: 'utf8',
  } as const
  return (await transform(script, options)).code
}

async function markSideEffectFree(name: string): Promise<void> {
  const path = findManifest(name)
  const manifest = JSON.parse(await readFile(path, 'utf8'))
  if (manifest.sideEffects === false) return
  // All actions are built at once: whoever reads it meanwhile gets the whole file, before or after.
  const whole = `${path}.${process.pid}`
  await writeFile(whole, `${JSON.stringify({ ...manifest, sideEffects: false }, null, 2)}\n`)
  await rename(whole, path)
}

/** The package.json of an installed package, also where its exports do not name it. */
function findManifest(name: string): string {
  const roots = createRequire(import.meta.url).resolve.paths(name) ?? []
  const root = roots.find(candidate => existsSync(join(candidate, name, 'package.json')))
  if (root === undefined) throw new Error(`${name} is not installed: run npm ci`)
  return join(root, name, 'package.json')
}
