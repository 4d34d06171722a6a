import { startUniverse } from '@meridian/lab-universe'
import type { Command } from './arguments.ts'
import { makeEksClusters, withProvider } from './eks-story.ts'
import { exportsOf } from './live-in.ts'
import { createProgress } from './progress.ts'
import { checkPhaseInputs, type Phase, tellStory } from './story.ts'
import { failureTails, tellResult } from './tell-result.ts'
import { untilAborted } from './until-aborted.ts'
import { writeReport } from './write-report.ts'

const titles: Record<Phase, string> = {
  up: 'Up: clusters, federation, app, DNS',
  down: 'Down: everything, in reverse',
}

/** Runs up, verify and down (or what the command asks for) in a new universe and writes the report. */
export async function runStory(command: Command, signal: AbortSignal): Promise<number> {
  const inputs = await withProvider(command.inputs)
  const phases = phasesOf(command)
  await checkPhaseInputs(phases, inputs)
  const universe = await startUniverse({
    seed: command.seed,
    scale: command.scale,
    faults: command.faults,
    ...(inputs.domain && { domain: inputs.domain }),
  })
  // With --json, stdout is for the one object.
  const stream = command.json ? process.stderr : process.stdout
  const progress = createProgress(stream)
  try {
    await makeEksClusters(universe, inputs)
    const { report, runs } = await tellStory(universe, {
      phases,
      inputs,
      signal,
      onPhase: phase => progress.phase(titles[phase]),
      onEvent: progress.event,
    }).finally(progress.end)
    const file = await writeReport(report)
    for (const line of [...failureTails(runs), ...tellResult(report, file)]) stream.write(`${line}\n`)
    if (command.json) process.stdout.write(`${JSON.stringify(report)}\n`)
    if (command.keep && !signal.aborted) {
      stream.write(`\nThe world stays until Ctrl-C:\n${(await exportsOf(universe)).join('\n')}\n`)
      await untilAborted(signal)
    }
    return report.ok ? 0 : 1
  } finally {
    await universe.close()
  }
}

function phasesOf(command: Command): Phase[] {
  if (command.name === 'down') return ['down']
  return command.name === 'up' || command.keep ? ['up'] : ['up', 'down']
}
