import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testJob } from '@meridian/runner/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reachKind } from '../../src/access/connect-kind.ts'

const cluster = {
  name: 'usa',
  region: 'us-east-1',
  zones: [],
  provider: 'kind',
  fullName: 'usa.k8s.example.com',
  stateStore: '',
  kindName: 'nightly',
} as const

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'meridian-kind-'))
})
afterAll(() => rm(directory, { recursive: true }))

/** A kind that says this on its way out. */
async function reachWith(stderr: string): Promise<unknown> {
  const program = join(directory, 'kind')
  await writeFile(program, `#!/bin/sh\ncat >&2 <<'END'\n${stderr}\nEND\nexit 1\n`)
  await chmod(program, 0o755)
  return reachKind(testJob({ env: { PATH: `${directory}:${process.env.PATH}` } }), cluster)
}

// The words of kind 0.33.0.
test.each([
  [
    "ERROR: could not locate any control plane nodes for cluster named 'nightly'. Use the --name option to select a different cluster",
    {
      name: 'AbsentClusterError',
      message: "there is no kind cluster 'nightly' on this machine",
      fix: expect.stringContaining('`kind create cluster --name nightly`'),
    },
  ],
  [
    'ERROR: failed to list nodes: command "docker ps" failed with error: exit status 1\n\nCommand Output: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    {
      message: expect.stringContaining('Is the docker daemon running?'),
      fix: expect.stringContaining('See to it that the container runtime runs'),
    },
  ],
])('%s', async (said, error) => await expect(reachWith(said)).rejects.toMatchObject(error))

test('without kind on PATH it is said what asks for it', async () => {
  const job = testJob({ env: { PATH: '/nowhere' } })
  await expect(reachKind(job, cluster)).rejects.toMatchObject({
    message: expect.stringContaining('kind could not be started'),
    fix: expect.stringContaining('install it'),
  })
})
