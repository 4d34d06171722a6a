import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildKubeconfig, formatKubeconfig, mergeKubeconfigs } from '@meridian/kube'
import { repository } from './action-files.ts'
import { baselineCommit, checkOutBaseline } from './check-out-baseline.ts'
import { verdict } from './verdict.ts'

const few = 80
const rounds = 3

/** Prints how long it takes to find each of many clusters in one kubeconfig, beside version 0.1 (out of git, or a checkout). */
export async function benchKubeconfig(given?: string): Promise<void> {
  const temp = mkdtempSync(join(tmpdir(), 'meridian-bench-'))
  try {
    const baseline = takeBaseline(join(temp, 'before'), given)
    const [now, twice, old] = [
      median(() => load(repository, few, temp)),
      median(() => load(repository, 2 * few, temp)),
      median(() => load(baseline, few, temp)),
    ]
    console.log(
      `the contexts of ${few} clusters are found in one kubeconfig: ${now.toFixed(0)} ms, ${baselineCommit} ${old.toFixed(0)} ms`,
    )
    verdict(`${few} clusters / version 0.1`, now / old, 0.2)
    verdict(`${2 * few} clusters / ${few}`, twice / now, 2.5)
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

function median(measure: () => number): number {
  return Array.from({ length: rounds }, measure).sort((a, b) => a - b)[rounds >> 1] ?? Number.NaN
}

/** A folder where the packages of version 0.1 find each other, and the libraries of this checkout. */
function takeBaseline(directory: string, given: string | undefined): string {
  const modules = join(directory, 'node_modules')
  mkdirSync(join(modules, '@meridian'), { recursive: true })
  if (given) cpSync(join(given, 'packages'), join(directory, 'packages'), { recursive: true })
  else checkOutBaseline(directory, ['packages'])
  for (const name of readdirSync(join(repository, 'node_modules')))
    if (name !== '@meridian') symlinkSync(join(repository, 'node_modules', name), join(modules, name))
  for (const name of readdirSync(join(directory, 'packages')))
    symlinkSync(join(directory, 'packages', name), join(modules, '@meridian', name))
  return directory
}

/** Milliseconds in a process of its own, which first finds one, so that what is loaded once does not count. */
function load(directory: string, clusters: number, temp: string): number {
  const names = Array.from({ length: clusters }, (_, at) => `c${at}`)
  const file = join(temp, `${clusters}.kubeconfig`)
  writeFileSync(file, formatKubeconfig(names.map(kubeconfigOf).reduce(mergeKubeconfigs)))
  const script = `
    const { loadKubeconfig, connectKube } = await import('@meridian/kube')
    const find = async (name, KUBECONFIG) => {
      const options = { context: name, userAgent: 'bench', signal: new AbortController().signal, env: {} }
      return connectKube(await loadKubeconfig({ KUBECONFIG }), options)
    }
    await find('c0', process.argv[2])
    const began = performance.now()
    await Promise.all(JSON.parse(process.argv[3]).map(name => find(name, process.argv[1])))
    process.stdout.write(String(performance.now() - began))`
  const one = join(temp, 'one.kubeconfig')
  writeFileSync(one, formatKubeconfig(kubeconfigOf('c0')))
  const args = ['--input-type=module', '--eval', script, file, one, JSON.stringify(names)]
  return Number(execFileSync(process.execPath, args, { cwd: directory, encoding: 'utf8' }))
}

/** Of the size that kops makes. */
function kubeconfigOf(context: string) {
  const [ca, cert, key] = [1_100, 1_100, 1_700].map(length => 'x'.repeat(length))
  return buildKubeconfig({ context, server: `https://api.${context}.k8s.example.com`, ca, cert, key })
}
