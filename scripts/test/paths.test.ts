import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { repository } from '../action-files.ts'

const files = execFileSync('git', ['ls-files'], { cwd: repository, encoding: 'utf8' }).trim().split('\n')
const known = new Set(['.'])
for (const file of files) for (let path = file; path !== '.'; path = dirname(path)) known.add(path)
const textOf = (file: string) => readFileSync(join(repository, file), 'utf8')

/** Files that a user's repository has, a release or a package makes, and names of others' folders. */
const elsewhere = /^\.github\/workflows\/(preview|latency-dns|x)\.yml$|^\.github\/workflows\/actions\.lock$/
const othersActions = /^actions\/(attest|checkout|create-github-app-token|github|runner|upload-artifact)\b/
const path =
  /(?<![\w@./*<>-])((?:\.github|actions|docs|examples|findings|infra|lab|packages|scripts)\/[\w./-]*\w)(?![\w*])/g

/** Paths from the root in a text that no file or folder of the project has; of a pattern the folder counts. */
function stalePaths(text: string): string[] {
  return [...text.matchAll(path)]
    .map(([, found = '']) => found)
    .filter(found => !known.has(found) && !elsewhere.test(found) && !othersActions.test(found))
}

/** What GitHub makes of a heading for the end of a URL. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')

/** Links of a page that lead to no file, folder or heading of the project. */
function brokenLinks(file: string): string[] {
  const links = [...withoutCode(textOf(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links.filter(link => {
    if (/^(https?|mailto):/.test(link)) return false
    const [to = '', anchor] = link.split('#')
    const target = to === '' ? file : posix.join(dirname(file), to).replace(/\/$/, '')
    if (!known.has(target)) return true
    return anchor !== undefined && target.endsWith('.md') && !headingsOf(target).includes(anchor)
  })
}

const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '')
const headingsOf = (file: string) =>
  [...withoutCode(textOf(file)).matchAll(/^#+\s+(.*)$/gm)].map(([, heading = '']) => anchorOf(heading))

/** Comments of a source, line by line. */
const commentsOf = (text: string) => text.match(/(?:^|\s)(?:\/\/|\/\*\*|\*)\s.*$/gm)?.join('\n') ?? ''

const pages = files.filter(file => file.endsWith('.md') && !/^\.changeset|CHANGELOG/.test(file))
const sources = files.filter(file => /\.(ts|mjs|js)$/.test(file) && !/\/dist\//.test(file))

describe('what a text names is there:', () => {
  test.each(pages)('%s', file => {
    expect([...brokenLinks(file), ...stalePaths(textOf(file))]).toEqual([])
  })

  test('the comments of all sources', () => {
    const stale = sources.flatMap(file =>
      stalePaths(commentsOf(textOf(file))).map(found => `${file}: ${found}`),
    )
    expect(stale).toEqual([])
  })
})

test('a path that is not there is found', () => {
  expect(stalePaths('see `lab/no/such.ts`, lab/README.md and actions/checkout@v4')).toEqual([
    'lab/no/such.ts',
  ])
})
