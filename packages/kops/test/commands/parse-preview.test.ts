import { expect, test } from 'vitest'
import { parsePreview } from '../../src/index.ts'

test('nothing to do is an empty list', () =>
  expect(parsePreview('No changes need to be applied\n')).toEqual([]))

test('each thing is told with what would become of it, and not how', () =>
  expect(
    parsePreview(`Will create resources:
  LaunchTemplate/nodes-b.usa.example.com

Will modify resources:
  AutoscalingGroup/nodes.usa.example.com
  \tMinSize             \t 1 -> 10
  \tMaxSize             \t 1 -> 10

Must specify --yes to apply changes
`),
  ).toEqual([
    'create LaunchTemplate/nodes-b.usa.example.com',
    'modify AutoscalingGroup/nodes.usa.example.com',
  ]))

test('changes without names are changes', () =>
  expect(parsePreview('Must specify --yes to apply changes\n')).toEqual(['changes that it does not name']))

test.each(['', 'Cluster changes have been applied to the cloud.\n'])('%j is no preview', text =>
  expect(parsePreview(text)).toBeUndefined(),
)
