// Packs a room of the lab as a package that rests on nothing else: `npm run pack-room -- route53 <directory>`.
import { execFileSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import ts from 'typescript'
import { repository } from './action-files.ts'
import { collectLicences } from './collect-licences.ts'

type Published = {
  name: string
  description: string
  keywords: string[]
  /** What is read at run time, beside the bundle: by path in the room. */
  data: Record<string, string>
}

/** The rooms that others can use, by their folders. `server.ts` is what they get. */
export const published: Readonly<Record<string, Published>> = {
  route53: {
    name: '@meridian/route53-server',
    description:
      'A strict Amazon Route 53 for tests, with a name server: in this process, without an account',
    keywords: ['aws', 'route53', 'dns', 'mock', 'testing', 'server'],
    data: {},
  },
  'kube-api': {
    name: '@meridian/kubernetes-server',
    description:
      "A strict Kubernetes API server for tests: in this process, without etcd or Kubernetes' programs",
    keywords: ['kubernetes', 'apiserver', 'mock', 'testing', 'server', 'envtest'],
    data: {
      'schema/kubernetes-1.35.json': 'kubernetes-1.35.json',
      'protobuf/definitions': 'definitions',
    },
  },
}

/** Packs the room of a folder below `lab/` into a directory, and resolves to the path of the archive. */
export async function packRoom(room: string, directory: string): Promise<string> {
  const about = published[room]
  if (!about) throw new Error(`lab/${room} is not one of ${Object.keys(published).join(', ')}`)
  const source = join(repository, 'lab', room)
  const stage = await mkdtemp(join(tmpdir(), 'meridian-pack-'))
  try {
    await writeBundle(source, join(stage, 'dist'))
    for (const [from, to] of Object.entries(about.data))
      await cp(join(source, from), join(stage, 'dist', to), { recursive: true })
    await cp(join(repository, 'LICENSE'), join(stage, 'LICENSE'))
    await cp(join(source, 'PACKAGE.md'), join(stage, 'README.md'))
    const manifest = await manifestOf(about, join(source, 'package.json'))
    await writeFile(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
    await mkdir(directory, { recursive: true })
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory]
    const told = execFileSync('npm', pack, {
      cwd: stage,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return join(directory, JSON.parse(told)[0].filename)
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

/** One module with all that is private or of others, their licences, and the types of what it exports. */
async function writeBundle(source: string, dist: string): Promise<void> {
  const entry = join(source, 'server.ts')
  const { metafile } = await build({
    entryPoints: { index: entry },
    outdir: dist,
    absWorkingDir: repository,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: ['bufferutil', 'utf-8-validate'],
    legalComments: 'none',
    charset: 'utf8',
    // Packages in CommonJS ask for built-in modules, for which an ESM bundle has no `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    metafile: true,
    logLevel: 'error',
  })
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))
  const files = inputs.flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? join(repository, path) : [],
  )
  await writeFile(join(dist, 'third-party-licenses.txt'), collectLicences(files))
  await writeFile(join(dist, 'index.d.ts'), await typesOf(entry))
}

/** Throws where the types of the entry are not all in it: in the package there is nothing else to take them from. */
async function typesOf(entry: string): Promise<string> {
  const compilerOptions = { isolatedDeclarations: true, target: ts.ScriptTarget.ESNext }
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(await readFile(entry, 'utf8'), {
    compilerOptions,
    reportDiagnostics: true,
    fileName: entry,
  })
  const problems = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  if (/^import\b/m.test(outputText)) problems.push('its types are imported from elsewhere')
  if (problems.length > 0) throw new Error(`${entry}: ${problems.join('; ')}`)
  return outputText
}

async function manifestOf({ name, description, keywords }: Published, file: string) {
  const { version } = JSON.parse(await readFile(file, 'utf8'))
  const root = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'))
  return {
    name,
    version,
    description,
    keywords,
    license: root.license,
    repository: root.repository,
    type: 'module',
    engines: { node: '>=24' },
    sideEffects: false,
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    files: ['dist'],
  }
}

if (import.meta.main) console.log(await packRoom(process.argv[2] ?? '', process.argv[3] ?? '.'))
