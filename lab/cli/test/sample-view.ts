import type { WorldView } from '../live/view-world.ts'
import { sampleReport } from './sample-report.ts'

/** A world in which a federation stands, and one request was refused. */
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
  ],
}
