import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { basename, join } from 'node:path'
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from 'esbuild'

type Bundle = {
  /** The entry and the chunks that it, or one of them, can load. */
  readonly files: readonly OutputFile[]
  /** Paths of the sources that something of is in them. */
  readonly inputs: readonly string[]
}

/**
 * Packages without effects on import that do not say so. The bundler keeps every module of a package that is
 * silent about it: 3 MB of API models in the Kubernetes client, an HTTP stack in the toolkit's core.
 */
const sideEffectFree = ['@kubernetes/client-node', '@actions/core', '@actions/http-client']

/**
 * undici, a second HTTP stack of 0.4 to 0.7 MB: of the Kubernetes client its configuration and its WebSockets are used, which go
 * by node:https, and GitHub's is given the `fetch` it uses. What only their other parts call throws. To be made is no
 * use yet: GitHub's client makes a ProxyAgent when it is loaded behind a proxy.
 */
const leftOut = `
function absent() { if (!new.target) throw new Error('this is not in the bundle') }
export { absent as Agent, absent as EventStreamSerde, absent as NodeHttp2Handler, absent as ProxyAgent, absent as eventStreamSerdeProvider, absent as fetch }`

/**
 * Libraries that many a run does without, and such as would bring a whole SDK's common parts into the first chunk, in files of
 * their own that are read when something of them is first used: to compile 100 KB takes 5 ms. By file and library, what the
 * sources import. Libraries that share parts, and are used together, share a file.
 */
export const lateLibraries: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'aws-signing': {
    '@aws-sdk/credential-provider-env': ['fromEnv'],
    '@smithy/core/checksum': ['Sha256'],
    '@smithy/signature-v4': ['SignatureV4'],
  },
  'ip-address': { 'ip-address': ['Address4', 'Address6'] },
  yaml: {
    yaml: [
      'Composer',
      'Parser',
      'isAlias',
      'isMap',
      'isNode',
      'parse',
      'parseAllDocuments',
      'stringify',
      'visit',
    ],
  },
  'zod-json-schema': { zod: ['fromJSONSchema'] },
}

const lateFiles = new Map(
  Object.entries(lateLibraries).flatMap(([file, libraries]) =>
    Object.entries(libraries).map(([library, names]) => [library, { file, names }] as const),
  ),
)

/** Bundles an action for Node 24 as modules, `name`.js and chunks that are loaded when they are needed. */
async function bundle(entry: string, name: string): Promise<Bundle> {
  const { metafile, outputFiles } = await build({
    ...options,
    entryPoints: { [name]: entry },
    splitting: true,
    format: 'esm',
    plugins: [nodeModules, lateModules, leaveOut, markSideEffectFree, literalKeys],
  })
  const reached = reachable(metafile, `dist/${name}.js`)
  const files = outputFiles.filter(({ path }) => reached.has(`dist/${basename(path)}`))
  const inputs = [...reached].flatMap(path => inputsOf(metafile, path))
  const late = await Promise.all(
    Object.entries(lateLibraries)
      .filter(([, libraries]) => Object.keys(libraries).some(library => inputs.includes(`late:${library}`)))
      .map(bundleLibraries),
  )
  return {
    files: [...files, ...late.flatMap(library => library.files)],
    inputs: [...new Set([...inputs, ...late.flatMap(library => library.inputs)])].sort(),
  }
}

const options = {
  outdir: 'dist',
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  // What packages ship for bundlers, of which what is not used can go.
  mainFields: ['module', 'main'],
  // Of ws and debug, which do without them.
  external: ['bufferutil', 'utf-8-validate', 'supports-color'],
  legalComments: 'none',
  // One letter beyond Latin-1 makes Node keep a whole file in two bytes a letter.
  charset: 'ascii',
  metafile: true,
  write: false,
  logLevel: 'error',
} as const satisfies BuildOptions

/** One that is required, not imported: a chunk of modules could not be while another that shares some is being imported. */
async function bundleLibraries([file, libraries]: [
  string,
  Readonly<Record<string, readonly string[]>>,
]): Promise<Bundle> {
  const contents = Object.entries(libraries).map(
    ([library, names]) => `export { ${names.join(', ')} } from '${library}'`,
  )
  const { metafile, outputFiles } = await build({
    ...options,
    stdin: { contents: contents.join('\n'), resolveDir: import.meta.dirname },
    entryNames: file,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    plugins: [nodeModules],
  })
  return { files: outputFiles, inputs: inputsOf(metafile, `dist/${file}.cjs`) }
}

/** Writes the bundle of an action to a directory, which is made anew, and returns the paths of its sources. */
export async function writeBundle(entry: string, directory: string): Promise<readonly string[]> {
  const { files, inputs } = await bundle(entry, 'index')
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  for (const { path, text } of files) await writeFile(join(directory, basename(path)), text)
  await writeFile(join(directory, 'package.json'), `${JSON.stringify({ type: 'module' }, null, 2)}\n`)
  return inputs
}

/** Chunks that an output loads, and so on. A dynamic import in code that went leaves its chunk behind. */
export function reachable({ outputs }: Pick<Metafile, 'outputs'>, entry: string): Set<string> {
  const reached = new Set([entry])
  for (const path of reached)
    for (const { path: next } of outputs[path]?.imports ?? []) if (next in outputs) reached.add(next)
  return reached
}

function inputsOf({ outputs }: Metafile, path: string): string[] {
  return Object.entries(outputs[path]?.inputs ?? {}).flatMap(([input, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [input] : [],
  )
}

/**
 * Node's own modules are taken from the process, each when something of it is first used: node:https costs 25 ms, and an
 * import of node:http, which makes all its exports at once, 45 ms, since one of them is undici.
 */
const nodeModules: Plugin = {
  name: 'node-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z:/_0-9]+$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '')
      // Of an import at run time the names must be known here.
      if (!isBuiltin(path) || (kind === 'dynamic-import' && name !== 'http')) return undefined
      return { path: name, namespace: kind === 'dynamic-import' ? 'node-later' : 'node' }
    })
    onLoad({ filter: /./, namespace: 'node' }, ({ path }) => ({ contents: whenUsed(path) }))
    onLoad({ filter: /./, namespace: 'node-later' }, ({ path }) => ({
      contents: `const all = ${taken(path)}; export default all; export const { Agent, request } = all`,
    }))
  },
}

const taken = (name: string) => `process.getBuiltinModule('node:${name}')`

/** A module that is itself a function, and the process, are there at once. */
function whenUsed(name: string): string {
  const its = process.getBuiltinModule(`node:${name}`)
  const isObject = typeof its === 'object' && name !== 'process'
  return isObject ? lateExports(Object.keys(its), taken(name)) : `module.exports = ${taken(name)}`
}

/** Exports that are looked up when they are used. */
function lateExports(names: readonly string[], module: string): string {
  return `for (const name of ${JSON.stringify(names)})
    Object.defineProperty(exports, name, { enumerable: true, get: () => ${module}[name] })`
}

const lateModules: Plugin = {
  name: 'late-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, importer }) => {
      if (path === 'require-beside') return { path, namespace: path }
      const ours = !importer.includes('/node_modules/')
      return ours && lateFiles.has(path) ? { path, namespace: 'late' } : undefined
    })
    onLoad({ filter: /./, namespace: 'require-beside' }, () => ({
      contents: `export const requireBeside = ${taken('module')}.createRequire(import.meta.url)`,
    }))
    onLoad({ filter: /./, namespace: 'late' }, ({ path }) => {
      const { names = [], file } = lateFiles.get(path) ?? {}
      return {
        contents: `const { requireBeside } = require('require-beside')
          ${lateExports(names, `requireBeside('./${file}.cjs')`)}`,
      }
    })
  },
}

const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: 'left-out', sideEffects: false }))
    // Answers that are streams of events, which nothing asks for: the SDK loads it when such a one begins.
    onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'left-out' } : undefined,
    )
    // Requests by HTTP/2, which no client is told to make: Node's takes 3 MB as soon as the file is read.
    onResolve({ filter: /^\.\/node-http2-handler$/ }, ({ path }) => ({
      path,
      namespace: 'left-out',
      sideEffects: false,
    }))
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: leftOut }))
  },
}

/**
 * A key that is computed may do something, for all the bundler knows, so that it keeps what AWS's SDK says of every operation,
 * 0.1 MB of S3's alone, while a few are used: their constants are written where they stand.
 */
const literalKeys: Plugin = {
  name: 'literal-keys',
  setup({ onLoad }) {
    onLoad({ filter: /\/@aws-sdk\/[^/]+\/dist-es\/schemas\/schemas_\d+\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const constants = new Map(
        [...text.matchAll(/^const (\w+) = (".*");$/gm)].map(([, name, value]) => [name, value]),
      )
      return { contents: text.replace(/\[(\w+)\](?=:)/g, (key, name) => constants.get(name) ?? key) }
    })
  },
}

const markSideEffectFree: Plugin = {
  name: 'side-effect-free',
  setup({ onResolve, resolve }) {
    const own = new RegExp(`/node_modules/(${sideEffectFree.join('|')})/`)
    onResolve({ filter: /./ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      // Asked below.
      if (pluginData === own) return undefined
      if (!own.test(importer) && !sideEffectFree.some(name => path.startsWith(name))) return undefined
      const found = await resolve(path, { importer, resolveDir, kind, pluginData: own })
      return own.test(found.path) ? { path: found.path, sideEffects: false } : undefined
    })
  },
}
