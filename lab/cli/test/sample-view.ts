import type { WorldView } from '../live/view-world.ts'
import { sampleReport } from './sample-report.ts'

/** A world in which a federation stands, and two requests were refused, one of them with long names. */
export const sampleView: WorldView = {
  ...{ domain: 'k8s.example.com', scale: 60, moreRecords: 0, name: 'shop.k8s.example.com' },
  clusters: sampleReport.clusters,
  replicas: sampleReport.replicas,
  endpoints: sampleReport.endpoints,
  records: sampleReport.dns.records,
  cities: sampleReport.dns.verification,
  things: [{ type: 'instance', regions: ['us-east-1'], count: 2, hourlyCost: 0.0832 }],
  requests: [
    {
      at: 0,
      request: { client: 'kubectl', service: 'kubernetes', operation: '<get>', write: false, status: 404 },
    },
    {
      at: 0,
      request: {
        client: 'deploy-federated-app',
        service: 'elasticloadbalancing',
        operation: 'DescribeLoadBalancers',
        write: false,
        status: 403,
        error: 'AccessDeniedException',
      },
    },
  ],
}
