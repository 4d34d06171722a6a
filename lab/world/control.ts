import type { ClusterHost, ClusterSpec } from './cluster-host.ts'
import type { ControlRoutes } from './control-routes.ts'
import { decideFate } from './crash-points.ts'
import type { World } from './world.ts'

/** The routes through which the stand-in for kops starts and sees machines, and learns its fate. */
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
    'POST /_world/delays': ({ body }) => {
      const { what, place, seconds } = body as { what: string; place: string; seconds: number }
      world.delays.note(what, place, seconds)
      return {}
    },
    'POST /_world/points': ({ body }) => {
      const { point, cluster } = body as { point: string; cluster: string }
      return { body: { fate: decideFate(world.faults, point, cluster) } }
    },
  }
}

function clusterRoutes(clusters: ClusterHost): ControlRoutes {
  return {
    'POST /_world/clusters': async ({ account, body }) => {
      await clusters.start({ ...(body as ClusterSpec), account })
      return { status: 201 }
    },
    'GET /_world/clusters/:name': ({ params, account }) => {
      const view = clusters.view(params.name ?? '', account)
      return view ? { body: view } : { status: 404, body: { message: 'no such cluster' } }
    },
    'POST /_world/clusters/:name/drained/:node': ({ params, account }) => ({
      body: clusters.drain(params.name ?? '', params.node ?? '', account),
    }),
    'DELETE /_world/clusters/:name': async ({ params, account }) => {
      await clusters.stop(params.name ?? '', account)
      return {}
    },
  }
}
