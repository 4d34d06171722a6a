import { startUniverse } from '@meridian/lab-universe'
import type { Command } from './arguments.ts'
import { makeEksClusters, withProvider } from './eks-story.ts'
import { showLivePage } from './live/live-page.ts'
import { exportsOf } from './live-in.ts'
import { makeBareFederation } from './make-bare-federation.ts'
import { createProgress } from './progress.ts'
import { readOutputs } from './read-outputs.ts'
import { checkPhaseInputs, runPhase } from './story.ts'
import { appPorts, tellPages } from './tell-pages.ts'
import { failureTails } from './tell-result.ts'
import { untilAborted } from './until-aborted.ts'

/**
 * Keeps a world for other programs until a signal comes. Stdout gets nothing but the shell lines and, when the
 * world can be used, `# ready`; how to open the app's pages is told on stderr.
 */
export async function serve(command: Command, signal: AbortSignal): Promise<number> {
  const { seed, scale, faults, port, dnsPort, controlPlane } = command
  const inputs = await withProvider(command.inputs)
  if (command.built) await checkPhaseInputs(['up'], inputs)
  const universe = await startUniverse({
    seed,
    scale,
    faults,
    // People's own kops may use buckets of any name.
    policies: {},
    controlPlane,
    ...(port !== undefined && { port }),
    ...(dnsPort !== undefined && { dnsPort }),
    ...(inputs.domain && { domain: inputs.domain }),
  })
  showLivePage(universe)
  process.stderr.write(`The world as it is, live: ${universe.url}/\n`)
  const progress = createProgress(process.stderr)
  let pages: string[] = []
  try {
    await makeEksClusters(universe, inputs)
    if (command.built) {
      const onPhase = (): void => progress.phase('Up: clusters, federation, app, DNS')
      const run = await runPhase(universe, 'up', {
        inputs,
        signal,
        onPhase,
        onEvent: progress.event,
      }).finally(progress.end)
      for (const line of failureTails([run])) process.stderr.write(`${line}\n`)
      if (run.result !== 'success') return signal.aborted ? 0 : 1
      const { fqdn } = readOutputs(run.jobOutputs).dns
      pages = tellPages(appPorts(universe), fqdn)
    }
    const more = controlPlane === 'bare' ? await makeBareFederation(universe, command.webhookPort) : {}
    process.stdout.write(`${[...(await exportsOf(universe, more)), '# ready'].join('\n')}\n`)
    for (const line of pages) process.stderr.write(`${line}\n`)
    await untilAborted(signal)
    return 0
  } finally {
    progress.end()
    await universe.close()
  }
}
