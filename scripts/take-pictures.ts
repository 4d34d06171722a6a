// Takes the pictures of the documentation: the lab's report, after `npm run lab`, and the comment on a pull request. It needs
// `chromium` on PATH, and asks npm for the program that reads GitHub's Markdown.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { renderComment } from '../actions/report-environment/src/comment.ts'
import { repository } from './action-files.ts'

const style = `
  body { margin: 16px; font: 14px/1.5 system-ui, sans-serif; color: #1f2328 }
  article { border: 1px solid #d1d9e0; border-radius: 6px }
  header { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; color: #59636e }
  header b { color: #1f2328 } header span { border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 6px; font-size: 12px }
  main { padding: 16px } main > :first-child { margin-top: 0 } main > :last-child { margin-bottom: 0 }
  h3 { font-size: 20px; margin: 0 0 16px } p, table, details { margin: 0 0 16px } a { color: #0969da }
  table { border-collapse: collapse } th, td { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left }
  code { background: #818b981f; border-radius: 6px; padding: 2px 6px; font: 12px ui-monospace, monospace }`

const scratch = mkdtempSync(join(tmpdir(), 'meridian-pictures-'))
try {
  takePicture(reportPage(), 'report.png', [1012, 1760])
  takePicture(commentPage(), 'pull-request.png', [860, 470])
} finally {
  rmSync(scratch, { recursive: true })
}

/** A page as it looks in a window of this size, in pixels, as a file of `docs`. */
function takePicture(page: string, name: string, [width, height]: [number, number]): void {
  const path = join(repository, 'docs', name)
  execFileSync(
    'chromium',
    [
      '--headless',
      '--no-sandbox', // What it opens is ours.
      '--hide-scrollbars',
      `--user-data-dir=${join(scratch, 'profile')}`,
      `--window-size=${width},${height}`,
      `--screenshot=${path}`,
      `file://${page}`,
    ],
    { stdio: 'ignore' },
  )
  console.log(`written: docs/${name}`)
}

function reportPage(): string {
  const page = join(repository, 'lab-report/index.html')
  if (!existsSync(page)) throw new Error('there is no report: run `npm run lab` first')
  return page
}

function commentPage(): string {
  const hostname = (id: string, region: string) => `${id}.${region}.elb.amazonaws.com`
  const comment = renderComment(
    { root: 'pr-42.k8s.example.com', state: 'ready', commit: '3f2a91c', wanted: undefined },
    {
      environment: 'pr-42',
      run: 'https://github.com/acme/shop/actions/runs/1',
      reason: undefined,
      url: 'http://web.pr-42.k8s.example.com',
      endpoints: [
        { cluster: 'usa', region: 'us-east-1', hostname: hostname('a51c2e0-1184', 'us-east-1') },
        { cluster: 'eur', region: 'eu-west-1', hostname: hostname('a7740bd-2093', 'eu-west-1') },
        { cluster: 'jpn', region: 'ap-northeast-1', hostname: hostname('ae0f366-7721', 'ap-northeast-1') },
      ],
      replicas: { usa: 2, eur: 2, jpn: 2 },
      clusterCost: undefined,
      expiresAt: new Date('2026-12-02T09:30:00Z'),
      label: 'preview',
      commands: true,
      drafts: false,
    },
  )
  const body = execFileSync('npm', ['exec', '--yes', 'marked@18.2.1', '--', '--gfm'], {
    input: comment,
    encoding: 'utf8',
  })
  const path = join(scratch, 'comment.html')
  writeFileSync(
    path,
    `<!doctype html><meta charset="utf-8"><style>${style}</style>
<article><header><b>github-actions</b> <span>bot</span> commented</header><main>${body.replace('<details>', '<details open>')}</main></article>`,
  )
  return path
}
