import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { create, name, state } from '../testing/kops-cluster.ts'
import { openToolWorld, type ToolWorld } from '../testing/tool-world.ts'

let lab: ToolWorld

beforeEach(async () => {
  lab = await openToolWorld()
})
afterEach(() => lab.close())

describe('validate cluster', () => {
  const validate = `validate cluster ${name} ${state} -o json`

  test('prints nothing but an error while the name does not resolve', async () => {
    await lab.kops(`${create} --yes`)
    const { exitCode, stdout, stderr } = await lab.kops(validate)
    expect([exitCode, stdout]).toEqual([1, ''])
    const host = lab.clusters.get(name)?.spec.apiHost
    expect(stderr).toBe(
      `Error: validation failed: unexpected error during validation: error listing nodes: Get "https://${host}/api/v1/nodes": dial tcp: lookup ${host}: no such host\n`,
    )
  })

  test('prints what is still missing', async () => {
    await lab.kops(`${create} --yes`)
    const cluster = lab.clusters.get(name)
    const machine = cluster?.spec.nodes[0]?.name ?? ''
    const pending = {
      type: 'Machine' as const,
      name: machine,
      message: `machine "${machine}" has not yet joined cluster`,
    }
    if (cluster) cluster.view = { resolves: true, serving: true, pending: [pending] }
    const { exitCode, stdout, stderr } = await lab.kops(validate)
    expect(exitCode).toBe(1)
    expect(stderr).toBe('Error: validation failed: cluster not yet healthy\n')
    const answer = JSON.parse(stdout)
    expect(answer.failures).toMatchObject([{ ...pending, instanceGroup: { spec: { role: 'Node' } } }])
    expect(answer).not.toHaveProperty('nodes')
  })

  test('passes a healthy cluster', async () => {
    await lab.kops(`${create} --yes`)
    const cluster = lab.clusters.get(name)
    const node = {
      name: 'i-0abc',
      zone: 'us-east-1a',
      role: 'node' as const,
      hostname: 'i-0abc',
      status: 'True' as const,
    }
    if (cluster) cluster.view = { resolves: true, serving: true, nodes: [node] }
    const { exitCode, stdout } = await lab.kops(validate)
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, { nodes: [node] }])
  })
})

describe('get', () => {
  test('tells an empty store and an absent cluster apart', async () => {
    expect((await lab.kops(`get clusters ${state}`)).stderr).toBe('Error: no clusters found\n')
    expect((await lab.kops(`get cluster ${name} ${state}`)).stderr).toBe(
      `Error: cluster not found "${name}"\n`,
    )
    expect((await lab.kops(`get ig --name=${name} ${state}`)).stderr).toBe(
      `Error: error fetching cluster "${name}": Cluster.kops.k8s.io "${name}" not found\n`,
    )
  })

  test('prints one cluster as an object and all of them as a list', async () => {
    await lab.kops(create)
    const one = await lab.kops(`get cluster ${name} -o json ${state}`)
    const all = await lab.kops(`get clusters -o json ${state}`)
    expect(JSON.parse(one.stdout)).toMatchObject({ kind: 'Cluster', metadata: { name } })
    expect(JSON.parse(all.stdout)).toMatchObject([{ kind: 'Cluster' }])
  })

  test('prints a table of instance groups', async () => {
    await lab.kops(create)
    const { stdout } = await lab.kops(`get ig --name=${name} ${state}`)
    expect(stdout).toBe(
      'NAME\t\t\t\tROLE\t\tMACHINETYPE\tMIN\tMAX\tZONES\n' +
        'control-plane-us-east-1a\tControlPlane\tt3.medium\t1\t1\tus-east-1a\n' +
        'nodes-us-east-1a\t\tNode\t\tt3.medium\t1\t1\tus-east-1a\n',
    )
  })
})
