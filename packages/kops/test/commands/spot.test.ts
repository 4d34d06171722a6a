import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { makeSpot } from '../../src/commands/spot.ts'

const printed = `apiVersion: kops.k8s.io/v1alpha2
kind: Cluster
metadata:
  name: usa.k8s.example.com
spec:
  channel: stable
  cloudLabels:
    paid: "no"

---

apiVersion: kops.k8s.io/v1alpha2
kind: InstanceGroup
metadata:
  name: control-plane-us-east-1a
spec:
  role: Master

---

apiVersion: kops.k8s.io/v1alpha2
kind: InstanceGroup
metadata:
  name: nodes-us-east-1a
spec:
  machineType: t3.medium
  role: Node
`

test('the groups of nodes are spot machines, and all else stays as kops has printed it', () => {
  expect(makeSpot(printed, 't3.medium')).toContain('paid: "no"')
  const objects = parseAllDocuments(makeSpot(printed, 't3.medium,t3a.medium')).map(each => each.toJS())
  const before = parseAllDocuments(printed).map(each => each.toJS())
  expect(objects.slice(0, 2)).toEqual(before.slice(0, 2))
  expect(objects[2].spec).toEqual({
    machineType: 't3.medium',
    role: 'Node',
    mixedInstancesPolicy: {
      instances: ['t3.medium', 't3a.medium'],
      onDemandBase: 0,
      onDemandAboveBase: 0,
      spotAllocationStrategy: 'price-capacity-optimized',
    },
  })
})
