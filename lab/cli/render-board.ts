import { styleText } from 'node:util'
import type { BoardJob } from './job-board.ts'

type Colour = Parameters<typeof styleText>[0]

const marks: Record<BoardJob['state'], [mark: string, colour: Colour]> = {
  waiting: ['·', 'dim'],
  running: ['▶', 'cyan'],
  success: ['✓', 'green'],
  failure: ['✗', 'red'],
  cancelled: ['⊘', 'yellow'],
  skipped: ['–', 'dim'],
}

/** One line for each job: its state, how long it has run, and what it waits for or said last. */
export function renderBoard(
  jobs: readonly BoardJob[],
  { width, now, colour }: { width: number; now: number; colour: boolean },
): string[] {
  const paint = (style: Colour, text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text
  const nameWidth = Math.max(0, ...jobs.map(job => job.name.length))
  return jobs.map(job => {
    const [mark, style] = marks[job.state]
    const head = `${job.name.padEnd(nameWidth)} ${elapsed(job, now).padStart(7)}  `
    const room = Math.max(0, width - head.length - 5)
    return `  ${paint(style, mark)} ${head}${paint('dim', shorten(noteOf(job), room))}`
  })
}

function noteOf(job: BoardJob): string {
  if (job.state === 'waiting') return `waits for ${job.note}`
  return job.state === 'running' || job.state === 'failure' ? job.note : ''
}

function elapsed(job: BoardJob, now: number): string {
  if (job.state === 'waiting' || job.state === 'skipped') return ''
  const seconds = job.state === 'running' ? (now - job.startedAt) / 1000 : job.seconds
  return `${seconds.toFixed(1)}s`
}

function shorten(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`
}
