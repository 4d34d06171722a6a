import { addResource } from './add-resource.ts'
import { resizeGroup } from './autoscaling.ts'
import type { ClusterHost, ClusterSpec } from './cluster-host.ts'
import { decideFate } from './crash-points.ts'
import { deleteResource } from './delete-resource.ts'
import type { ControlRoutes } from './front-door.ts'
import type { NewResource } from './resource.ts'
import type { World } from './world.ts'

/** The routes through which the stand-in for kops makes, sees and deletes what kops would. */
export function worldControl(world: World, clusters: ClusterHost): ControlRoutes {
  return { ...worldRoutes(world), ...clusterRoutes(clusters) }
}

function worldRoutes(world: World): ControlRoutes {
  return {
    'GET /_world/clock': () => ({ body: { scale: world.clock.scale, elapsed: world.clock.elapsed() } }),
    'GET /_world/secrets': () => ({ body: world.secrets.all() }),
    'POST /_world/secrets': ({ body }) => {
      const { name, text } = body as { name: string; text: string }
      world.secrets.add(name, text)
      return {}
    },
    'POST /_world/points': ({ body }) => {
      const { point, cluster } = body as { point: string; cluster: string }
      return { body: { fate: decideFate(world.faults, point, cluster) } }
    },
    'POST /_world/resources': ({ body }) => ({
      body: (body as NewResource[]).map(resource => addResource(world, resource)),
    }),
    'GET /_world/resources': ({ query }) => {
      const cluster = query.get('cluster')
      return { body: world.inventory.list(cluster === null ? {} : { tags: { KubernetesCluster: cluster } }) }
    },
    'POST /_world/groups/:id': ({ params, body }) => {
      const group = world.inventory.get(params.id ?? '')
      if (group?.type !== 'autoscaling-group') return { status: 404, body: { message: 'no such group' } }
      resizeGroup(world, group, body as { minSize: number; maxSize: number })
      return { body: group }
    },
    'DELETE /_world/resources/:id': ({ params }) => {
      const deletion = deleteResource(world, params.id ?? '')
      if (deletion.outcome === 'blocked') return { status: 409, body: deletion }
      return { status: deletion.outcome === 'absent' ? 404 : 200, body: deletion }
    },
  }
}

function clusterRoutes(clusters: ClusterHost): ControlRoutes {
  return {
    'POST /_world/clusters': async ({ body }) => {
      await clusters.start(body as ClusterSpec)
      return { status: 201 }
    },
    'GET /_world/clusters/:name': ({ params }) => {
      const view = clusters.view(params.name ?? '')
      return view ? { body: view } : { status: 404, body: { message: 'no such cluster' } }
    },
    'DELETE /_world/clusters/:name': async ({ params }) => {
      await clusters.stop(params.name ?? '')
      return {}
    },
  }
}
