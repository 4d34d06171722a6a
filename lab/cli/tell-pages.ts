import type { Universe } from '@meridian/lab-universe'
import { textAt } from '@meridian/lab-world/json'

/** A port of a Service that a load balancer leads to. */
export type AppPort = {
  context: string
  region: string
  namespace: string
  service: string
  port: number
  host: string
}

/** What of the clusters' apps people on the internet would reach, by cluster. */
export function appPorts({ clusters }: Pick<Universe, 'clusters'>): AppPort[] {
  return clusters.clusters().flatMap(({ spec, store }) =>
    store.list('Service').flatMap(service => {
      const { name, namespace = '' } = service.metadata
      const host = textAt(service, 'status', 'loadBalancer', 'ingress', 0, 'hostname')
      if (host === '' || namespace === 'karmada-system') return []
      const context = spec.name.split('.')[0] ?? spec.name
      const port = Number(textAt(service, 'spec', 'ports', 0, 'port'))
      return [{ context, region: spec.region, namespace, service: name, port, host }]
    }),
  )
}

const firstLocalPort = 8001
const tokyo = '133.11.1.0'

/**
 * How a person opens the page of each region; the commands need what the `export` lines set. `name` is that of the app
 * in the DNS, '' for none.
 */
export function tellPages(ports: readonly AppPort[], name: string): string[] {
  const [first] = ports
  if (!first) return []
  const forwards = ports.flatMap(({ context, region, namespace, service, port }, at) => {
    const local = firstLocalPort + at
    const target = `-n ${namespace} service/${service} ${local}:${port}`
    return [
      `  ${region}: http://127.0.0.1:${local}/`,
      `    kubectl --context=${context} port-forward ${target}`,
    ]
  })
  const curl = '    curl --proxy "$AWS_ENDPOINT_URL"'
  return [
    '',
    "The app's pages are the lab's own. Each says which region, cluster and pod has answered:",
    ...forwards,
    '  by the name of a load balancer:',
    `${curl} http://${first.host}/`,
    ...(name === ''
      ? []
      : [
          `  by the name of the app, as a client in Tokyo:`,
          `${curl} -H X-Forwarded-For:${tokyo} http://${name}/`,
        ]),
  ]
}
