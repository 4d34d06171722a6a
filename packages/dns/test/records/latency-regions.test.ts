import { ResourceRecordSetRegion } from '@aws-sdk/client-route-53'
import { expect, test } from 'vitest'
import { latencyRegions } from '../../src/records/latency-regions.ts'

test('the regions of latency records are those of Route 53', () => {
  expect(latencyRegions).toEqual(Object.values(ResourceRecordSetRegion))
})
