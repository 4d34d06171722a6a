import { describe, expect, test } from 'vitest'
import { checkVersions } from '../../src/members/check-versions.ts'

const members = (...versions: string[]) =>
  versions.map((kubernetesVersion, at) => ({ name: `c${at}`, kubernetesVersion }))

describe('versions', () => {
  test('within what is tested raise nothing', () => {
    expect(checkVersions('1.18.2', members('v1.35.7', 'v1.34.1'))).toEqual({ refusals: [], warnings: [] })
  })

  test('older than tested are refused', () => {
    const { refusals } = checkVersions('1.18.2', members('v1.25.0', 'v1.26.0'))
    expect(refusals).toEqual([
      'c0 runs Kubernetes 1.25, but Karmada 1.18.2 is tested with Kubernetes 1.26 to 1.35',
    ])
  })

  test('newer than tested are warned of', () => {
    const { refusals, warnings } = checkVersions('1.18.2', members('v1.36.0'))
    expect(refusals).toEqual([])
    expect(warnings).toEqual([
      'c0 runs Kubernetes 1.36; Karmada 1.18.2 is tested with Kubernetes 1.26 to 1.35.',
    ])
  })

  test('far apart are warned of', () => {
    expect(checkVersions('1.18.2', members('v1.35.0', 'v1.31.0')).warnings).toEqual([
      'The members run Kubernetes 1.31 to 1.35: an API that one has, another may lack.',
    ])
  })

  test('of an unknown Karmada are not judged', () => {
    expect(checkVersions('2.0.0', members('v1.20.0'))).toEqual({
      refusals: [],
      warnings: ['It is not known which Kubernetes Karmada 2.0.0 is tested with.'],
    })
  })
})
