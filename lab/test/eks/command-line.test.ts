import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startUniverse } from '@meridian/lab-universe'
import { findCommand } from '@meridian/lab-world/testing'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)

// Every call starts a Python of its own: few of them.
test('kubectl reaches a cluster of EKS as the aws CLI sets it up', async ({ skip }) => {
  for (const program of ['aws', 'kubectl'])
    if (!(await findCommand(program))) return skip(`skipped: ${program} not found`)
  const universe = await startUniverse({ scale: 10_000 })
  onTestFinished(universe.close)
  await universe.addEksCluster('usa')
  const kubeconfig = join(universe.directory, 'kubeconfig')
  const region = { AWS_DEFAULT_REGION: 'us-east-1' }
  const env = { ...universe.env, ...region, HOME: universe.directory, KUBECONFIG: kubeconfig }
  const aws = async (line: string) => (await run('aws', ['eks', ...line.split(' ')], { env })).stdout

  const { cluster } = JSON.parse(await aws('describe-cluster --name usa'))
  expect(cluster).toMatchObject({ status: 'ACTIVE', accessConfig: { authenticationMode: 'API' } })
  await aws('update-kubeconfig --name usa --alias usa')
  await run('kubectl', ['config', 'set-cluster', cluster.arn, `--proxy-url=${universe.url}`], { env })
  // The token names the host of STS, which must be AWS's own, and is made without asking anybody.
  const asPeople = { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }
  const { stdout } = await run('kubectl', ['get', 'nodes', '--output=name'], { env: asPeople })
  expect(stdout.trim().split('\n')).toHaveLength(2)
  await expect(run('kubectl', ['get', 'nodes'], { env })).rejects.toThrow(
    'You must be logged in to the server (Unauthorized)',
  )
})
