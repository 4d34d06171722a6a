import type { KubeObject } from '@meridian/kube'
import { expect, test } from 'vitest'
import { madeFor } from '../../src/status/made-for.ts'

const template = (kind: string, name = 'web', spec = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'shop' },
  spec,
})
const volumes = { volumeClaimTemplates: [{ metadata: { name: 'data' } }] }

test.each<[KubeObject, kind: string, name: string]>([
  [template('Deployment'), 'Deployment', 'web'],
  [template('Deployment'), 'ReplicaSet', 'web-6d4cf56db6'],
  [template('Deployment'), 'Pod', 'web-6d4cf56db6-x2zk4'],
  [template('Deployment'), 'ResourceBinding', 'web-deployment'],
  [template('ClusterRole', 'system:a'), 'ClusterResourceBinding', 'system.a-clusterrole'],
  [template('Service'), 'OverridePolicy', 'web-service'],
  [template('Service'), 'EndpointSlice', 'web-x2zk4'],
  [template('DaemonSet'), 'Pod', 'web-x2zk4'],
  [template('StatefulSet'), 'Pod', 'web-0'],
  [template('StatefulSet', 'web', volumes), 'PersistentVolumeClaim', 'data-web-12'],
  [template('Job'), 'Pod', 'web-x2zk4'],
  [template('Job'), 'Pod', 'web-3-x2zk4'],
  [template('CronJob'), 'Job', 'web-29384756'],
  [template('CronJob'), 'Pod', 'web-29384756-x2zk4'],
  [template('Deployment', 'a.b'), 'Pod', 'a.b-6d4cf56db6-x2zk4'],
])('%s stands behind %s %s', (own, kind, name) => {
  expect(madeFor([template('ConfigMap', 'x'), own])({ kind, name })).toBe(true)
})

test.each<[KubeObject, kind: string, name: string]>([
  [template('Deployment'), 'Deployment', 'web-admin'],
  [template('Deployment'), 'Pod', 'web-admin-6d4cf56db6-x2zk4'],
  [template('Deployment'), 'Pod', 'web-x2zk4'],
  [template('Deployment', 'a.b'), 'Pod', 'aXb-6d4cf56db6-x2zk4'],
  [template('DaemonSet'), 'Pod', 'web-db-x2zk4'],
  [template('StatefulSet'), 'PersistentVolumeClaim', 'data-web-0'],
  [template('StatefulSet', 'web', volumes), 'PersistentVolumeClaim', 'data-web-admin-0'],
  [template('ConfigMap'), 'Pod', 'web'],
])('%s does not stand behind %s %s', (own, kind, name) => {
  expect(madeFor([own])({ kind, name })).toBe(false)
})
