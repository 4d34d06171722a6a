import { fileURLToPath } from 'node:url'
import { type ActionRun, runAction } from '@meridian/lab-runner'
import { labBoundary, startUniverse } from '@meridian/lab-universe'
import { describe, expect, test } from 'vitest'

const dir = fileURLToPath(new URL('..', import.meta.url))
const said = ({ annotations }: ActionRun) => annotations.map(({ message }) => message).join('\n')

/** One run in a world of its own. */
async function runIn(faults: string[], how: { role?: boolean } = {}): Promise<ActionRun> {
  const universe = await startUniverse({ scale: 10_000, faults })
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...keyless } = universe.env
  const given = {
    name: 'usa',
    domain: 'k8s.example.com',
    zones: 'us-east-1a',
    'validate-count': '1',
    'permissions-boundary': labBoundary,
  }
  try {
    return how.role
      ? await runAction({
          dir,
          inputs: { ...given, 'role-to-assume': 'arn:aws:iam::111122223333:role/create-cluster' },
          env: { ...keyless, ...universe.idToken },
        })
      : await runAction({ dir, inputs: given, env: universe.env })
  } finally {
    await universe.close()
  }
}

test('a role is assumed without any key, again and again as its sessions end, by kops too', async () => {
  const made = await runIn(['short-sessions:2', 'id-token-500:2'], { role: true })
  expect(said(made)).toBe('')
  expect(made.outputs).toMatchObject({ created: 'true', 'kubernetes-version': '1.35.7' })
})

test('a clock that is twenty minutes behind is no obstacle', async () => {
  const made = await runIn(['clock-skew:20'], { role: true })
  expect(said(made)).toBe('')
  expect(made.outputs.created).toBe('true')
})

describe('what kops would try again for ten minutes ends the run at once, with advice', () => {
  test.each([
    ['deny:ec2:CreateVpc', 'kops cannot make VPC/usa.k8s.example.com', 'ec2:CreateVpc'],
    ['no-image', 'could not find Image', 'Correct the input image'],
  ])('%s', async (fault, words, advice) => {
    const failed = await runIn([fault])
    expect(failed.exitCode).toBe(1)
    expect(said(failed)).toContain(words)
    expect(said(failed)).toContain(advice)
    expect(failed.stdout.match(/remaining to succeed/g) ?? []).toHaveLength(1)
    expect(failed.stdout).toContain('What exists now: state bucket usa.k8s.example.com-state')
  })
})
