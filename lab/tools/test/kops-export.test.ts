import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { authorityOf, create, name, state } from '../testing/kops-cluster.ts'
import { openToolWorld, type ToolWorld } from '../testing/tool-world.ts'

let lab: ToolWorld

beforeEach(async () => {
  lab = await openToolWorld()
})
afterEach(() => lab.close())

describe('export kubeconfig', () => {
  test('writes a context with an administrator certificate of the wanted lifetime', async () => {
    await lab.kops(`${create} --yes`)
    const file = join(lab.directory, 'exported')
    const { stdout } = await lab.kops(`export kubeconfig ${name} ${state} --admin=4h --kubeconfig=${file}`)
    expect(stdout).toBe(`kOps has set your kubectl context to ${name}\n`)
    const config = parse(await readFile(file, 'utf8'))
    expect(config['current-context']).toBe(name)
    expect(config.clusters[0].cluster).toMatchObject({
      server: `https://${lab.clusters.get(name)?.spec.apiHost}`,
      'tls-server-name': `api.internal.${name}`,
      'proxy-url': lab.env.AWS_ENDPOINT_URL,
    })
    const certificate = new X509Certificate(
      Buffer.from(config.users[0].user['client-certificate-data'], 'base64'),
    )
    expect(certificate.subject).toMatch(/O=system:masters\nCN=kubecfg-/)
    const hours = (certificate.validToDate.getTime() - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(3.9)
    expect(hours).toBeLessThan(4.1)
    expect(certificate.checkIssued(authorityOf(lab))).toBe(true)
  })

  test('takes the word after a bare --admin for a second cluster', async () => {
    const { exitCode, stderr } = await lab.kops(`export kubeconfig ${name} ${state} --admin 4h`)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('Error: expected a single <clustername> to be passed as an argument')
  })

  test('keeps the other contexts of the file', async () => {
    await lab.kops(`${create} --yes`)
    const other = create.replace(name, 'eur.k8s.example.com').replace('us-east-1a', 'eu-west-1a')
    await lab.kops(`${other} --yes`)
    const config = parse(await readFile(lab.env.KUBECONFIG ?? '', 'utf8'))
    expect(config.contexts.map((context: { name: string }) => context.name)).toEqual([
      'eur.k8s.example.com',
      name,
    ])
  })
})
