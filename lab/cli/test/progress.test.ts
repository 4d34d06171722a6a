import { describe, expect, test } from 'vitest'
import { createJobBoard, readableLine } from '../job-board.ts'
import { plainProgress } from '../progress.ts'
import { renderBoard } from '../render-board.ts'
import { shellExports } from '../shell-exports.ts'

describe('readableLine', () => {
  test.each([
    ['::group::Cluster usa', 'Cluster usa'],
    ['::warning title=Slow::it takes%0Along', 'it takes long'],
    ['::debug::secret thoughts', undefined],
    ['::endgroup::', undefined],
    ['\u001b[32mready\u001b[0m', 'ready'],
    ['  plain  ', 'plain'],
    ['', undefined],
  ])('%j says %j', (line, text) => {
    expect(readableLine(line)).toBe(text)
  })
})

describe('the board', () => {
  test('shows jobs side by side, with what each waits for', () => {
    const board = createJobBoard()
    board.note({ type: 'job-waiting', job: 'app', needs: ['federation'] }, 0)
    board.note({ type: 'job-started', job: 'cluster usa' }, 0)
    board.note({ type: 'line', job: 'cluster usa', step: 's', text: '1 of 2 nodes ready' }, 500)
    board.note({ type: 'job-started', job: 'cluster eur' }, 0)
    board.note({ type: 'job-finished', job: 'cluster eur', result: 'success', seconds: 7.25 }, 7250)
    expect(renderBoard(board.jobs(), { width: 60, now: 8000, colour: false })).toEqual([
      '  ▶ cluster usa    8.0s  1 of 2 nodes ready',
      '  ✓ cluster eur    7.3s  ',
      '  · app                  waits for federation',
    ])
  })

  test('keeps every line within the width of the terminal', () => {
    const job = { name: 'app', state: 'running' as const, note: 'x'.repeat(200), startedAt: 0, seconds: 0 }
    const [line = ''] = renderBoard([job], { width: 40, now: 0, colour: false })
    expect(line.length).toBeLessThanOrEqual(40)
  })
})

describe('plain progress', () => {
  test('writes one line for each thing that happens', () => {
    let now = 1000
    let text = ''
    const progress = plainProgress(
      part => {
        text += part
      },
      () => now,
    )
    progress.phase('Up')
    now += 1500
    progress.event({ type: 'job-started', job: 'dns' })
    progress.event({ type: 'line', job: 'dns', step: 's', text: '::debug::no' })
    progress.event({ type: 'line', job: 'dns', step: 's', text: 'INSYNC' })
    progress.event({ type: 'job-finished', job: 'dns', result: 'success', seconds: 2 })
    expect(text.split('\n')).toEqual([
      '   0.0s  Up',
      '   1.5s  dns: started',
      '   1.5s  dns: INSYNC',
      '   1.5s  dns: success after 2.0s',
      '',
    ])
  })
})

describe('shellExports', () => {
  test('quotes what a shell would take apart', () => {
    expect(shellExports({ A: 'http://127.0.0.1:1', B: "it's $HOME" })).toEqual([
      'export A=http://127.0.0.1:1',
      "export B='it'\\''s $HOME'",
    ])
  })
})
