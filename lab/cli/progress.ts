import type { WriteStream } from 'node:tty'
import type { RunEvent } from '@meridian/lab-runner'
import { createJobBoard, type JobBoard, readableLine } from './job-board.ts'
import { renderBoard } from './render-board.ts'

/** Tells a person how far a story is. */
export type Progress = {
  phase(title: string): void
  event(event: RunEvent): void
  /** Stops redrawing; what was drawn stays. */
  end(): void
}

const redrawEvery = 120

/** Live lines on a terminal, plain lines (one for each thing that happens) anywhere else. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? liveProgress(stream as WriteStream) : plainProgress(text => void stream.write(text))
}

/** Plain lines: when, which job, what. */
export function plainProgress(write: (text: string) => void, now: () => number = Date.now): Progress {
  const begun = now()
  const say = (job: string, text: string): void => {
    const seconds = ((now() - begun) / 1000).toFixed(1)
    write(`${seconds.padStart(6)}s  ${job === '' ? '' : `${job}: `}${text}\n`)
  }
  return {
    phase: title => say('', title),
    end() {},
    event(event) {
      if (event.type === 'job-started') say(event.job, 'started')
      if (event.type === 'job-finished') say(event.job, describeEnd(event))
      const text = event.type === 'line' ? readableLine(event.text) : undefined
      if (text !== undefined) say(event.job, text)
    },
  }
}

function describeEnd({ result, seconds }: RunEvent & { type: 'job-finished' }): string {
  return result === 'skipped' ? result : `${result} after ${seconds.toFixed(1)}s`
}

function liveProgress(stream: WriteStream): Progress {
  const board = createJobBoard()
  let drawn = 0
  const draw = (): void => {
    const lines = renderBoard(board.jobs(), {
      width: stream.columns,
      now: Date.now(),
      colour: stream.hasColors(),
    })
    const up = drawn > 0 ? `\u001b[${drawn}A` : ''
    stream.write(`${up}${lines.map(line => `\u001b[2K${line}\n`).join('')}`)
    drawn = lines.length
  }
  const settle = (jobs: JobBoard): void => {
    if (jobs.jobs().length > 0) draw()
    jobs.clear()
    drawn = 0
  }
  const timer = setInterval(draw, redrawEvery)
  return {
    phase(title) {
      settle(board)
      stream.write(`\n${title}\n`)
    },
    event: event => board.note(event, Date.now()),
    end() {
      clearInterval(timer)
      settle(board)
    },
  }
}
