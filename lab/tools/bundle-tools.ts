import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { glob, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tools = ['kops', 'karmadactl', 'kind', 'cloud-provider-kind']
const cache = join(root, 'node_modules/.cache/lab-tools')

/** The stand-ins' bundles by their names, and where Node may keep what it compiled of them. */
export type BundledTools = { mains: Record<string, string>; compileCache: string }

let bundled: Promise<BundledTools> | undefined

/**
 * Bundles the stand-in tools, whose calls would else spend most of their time on finding and stripping modules.
 * A bundle lies under the hash of all that it may be made of, so that every process of this checkout shares it and
 * a changed source is never missed.
 */
export function bundleTools(): Promise<BundledTools> {
  bundled ??= makeBundles()
  return bundled
}

async function makeBundles(): Promise<BundledTools> {
  const directory = join(cache, await hashSources())
  if (!existsSync(directory)) await writeBundles(directory)
  const mains = Object.fromEntries(tools.map(name => [name, join(directory, name, 'main.mjs')]))
  return { mains, compileCache: join(cache, 'compiled') }
}

async function hashSources(): Promise<string> {
  const sources = (
    await Array.fromAsync(glob(['lab/**/*.{ts,json}', 'packages/*/src/**/*.ts'], { cwd: root }))
  ).toSorted()
  const hash = createHash('sha256').update(await readFile(join(root, 'package-lock.json')))
  for (const source of sources) hash.update(`\0${source}\0`).update(await readFile(join(root, source)))
  return hash.digest('hex').slice(0, 32)
}

/**
 * Takes Node's modules by require: a module that imports `node:http` makes Node read every export of it, one of which
 * loads undici. That takes as long as all else that a tool does.
 */
const quickBuiltins: Plugin = {
  name: 'quick-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin' } : { path, external: true },
    )
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}')`,
    }))
  },
}

/** Into a directory of its own first: processes that bundle at the same time must not see halves. */
async function writeBundles(directory: string): Promise<void> {
  await mkdir(cache, { recursive: true })
  const outdir = await mkdtemp(join(cache, 'new-'))
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: tools.map(name => `lab/tools/${name}/main.ts`),
    outbase: 'lab/tools',
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minifyWhitespace: true,
    minifySyntax: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    metafile: true,
    plugins: [quickBuiltins],
    // Packages in CommonJS ask for built-in modules, for which an ESM bundle has no `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  const known = /^(lab|packages|node_modules)\/|^builtin:/
  const unknown = Object.keys(metafile.inputs).filter(input => !known.test(input))
  if (unknown.length > 0) throw new Error(`not part of the bundle's hash: ${unknown.join(', ')}`)
  await rename(outdir, directory).catch(async (cause: unknown) => {
    await rm(outdir, { recursive: true, force: true })
    // Another process was faster.
    if (!existsSync(directory)) throw cause
  })
}
