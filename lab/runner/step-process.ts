import { createCommandFiles } from './command-files.ts'
import { secretsAfter, secretsBefore } from './known-secrets.ts'
import { groupAlive, type ProcessRequest, runProcess } from './process.ts'
import { refuseLeaks } from './scan-secrets.ts'
import type { StepProcess } from './started-process.ts'
import { type Annotation, createCommandReader } from './workflow-commands.ts'

export type StepRequest = Omit<ProcessRequest, 'onLine'> & {
  temp: string
  onMask?(value: string): void
  onLine?(line: string): void
}

/**
 * Runs one step's process with its own environment files and collects everything it said to the runner.
 * A broken environment file is an error annotation and fails the step, as on GitHub.
 */
export async function runStepProcess(request: StepRequest): Promise<StepProcess> {
  const files = await createCommandFiles(request.temp)
  const known = await secretsBefore(request.env)
  const annotations: Annotation[] = []
  const masks: string[] = []
  const written = { stdout: '', stderr: '' }
  const mask = (value: string): void => {
    masks.push(value)
    request.onMask?.(value)
  }
  const read = createCommandReader({ mask, annotate: annotation => annotations.push(annotation) })
  const started = performance.now()
  try {
    const end = await runProcess({
      ...request,
      env: { ...request.env, ...files.env },
      onLine: (line, stream) => {
        written[stream] += `${line}\n`
        const command = read(line)
        if (command?.name !== 'add-mask') request.onLine?.(line)
      },
    })
    const orphans = groupAlive(end.group)
    const { problems, ...effects } = await files.read()
    for (const message of problems) annotations.push({ level: 'error', message })
    const exitCode = problems.length > 0 && end.exitCode === 0 ? 1 : end.exitCode
    const seconds = (performance.now() - started) / 1000
    const step = { ...end, exitCode, ...written, annotations, masks, ...effects, orphans, seconds }
    refuseLeaks(request.args.at(-1) ?? request.command, step, [
      ...known.all(),
      ...(await secretsAfter(request.env, request.temp)),
    ])
    return step
  } finally {
    await files.remove()
  }
}
