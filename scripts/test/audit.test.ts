import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repository } from '../action-files.ts'
import { findWrites, findWritesIn } from '../find-writes.ts'

const table = readFileSync(join(repository, 'docs/audit.md'), 'utf8')
const lines = [
  ...table.matchAll(
    /^\| \[[^\]]+\]\(\.\.\/([^)]+)\) \| `([^`]+)` \| (.+) \| \[[^\]]+\]\(\.\.\/([^)]+)\) \|$/gm,
  ),
].map(([, file = '', call = '', proof = '', proving = '']) => ({ file, call, proof, proving }))

test('every call that changes or deletes has its line, and no line is without a call', () => {
  const key = ({ file, call }: { file: string; call: string }) => `${file}: ${call}`
  expect(lines.map(key).toSorted()).toEqual(findWrites(repository).map(key).toSorted())
})

test('what shall prove it is there', () => {
  expect(lines.filter(({ proving }) => !existsSync(join(repository, proving)))).toEqual([])
})

test.each([
  ['await s3.send(new DeleteObjectCommand({ Bucket }))', ['DeleteObjectCommand']],
  ['await s3.send(new GetObjectCommand({ Bucket }))', []],
  ['await kube.remove(ref)', ['kube.remove']],
  ['await queryEc2(aws, region, "TerminateInstances", {})', ['queryEc2 TerminateInstances']],
  ['await queryEc2(aws, region, "DescribeInstances", {})', []],
  ['await octokit.rest.repos.deleteAnEnvironment({})', ['deleteAnEnvironment']],
  ['await kube.request("DELETE", path)', ['request DELETE']],
  ['await rm(path, { recursive: true })', ['rm']],
  ['const names = list.map(({ name }) => name.replace("a", "b"))', []],
])('in %j it finds %j', (text, calls) => expect(findWritesIn('x.ts', text)).toEqual(calls))
