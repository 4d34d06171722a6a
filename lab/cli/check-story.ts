import type { WorkflowRun } from '@meridian/lab-runner'
import type { ProxyUse } from '@meridian/lab-world'
import type { LeftOver } from './lab-report.ts'
import type { Observed } from './observe.ts'
import type { Claims } from './read-outputs.ts'

/** Compares what the jobs said with what is there. One sentence for each problem; empty when all is well. */
export function checkBuilt(claims: Claims, observed: Observed): string[] {
  return [
    ...checkClusters(claims, observed),
    ...checkSpread(claims, observed),
    ...checkEndpoints(claims, observed),
    ...checkNames(claims),
  ]
}

/** One sentence for each job that did not succeed. */
export function checkJobs(run: WorkflowRun): string[] {
  return run.jobs
    .filter(job => job.result !== 'success')
    .map(job => `${run.name}: job ${job.name}: ${job.result}`)
}

/** One sentence where a job that reaches its proxy alone has asked nothing there, or was refused. */
export function checkProxied(job: string, uses: readonly ProxyUse[]): string[] {
  if (uses.length === 0) return [`job ${job} did not go through the proxy of its machine`]
  const refused = uses.find(use => use.refused > 0)
  return refused ? [`the proxy refused job ${job} the way to ${refused.target} (${refused.refused})`] : []
}

/** One sentence for each thing that exists though everything was taken down. */
export function checkNothingLeft(left: readonly LeftOver[]): string[] {
  return left.map(
    ({ type, id, region, hourlyCost }) => `${type} ${id} in ${region} is left ($${hourlyCost.toFixed(4)}/h)`,
  )
}

function checkClusters(claims: Claims, observed: Observed): string[] {
  if (observed.clusters.length === 0) return ['there is no cluster']
  return observed.clusters.flatMap(({ name, ready }) => {
    const claimed = claims.clusters.find(cluster => cluster.name === name)
    if (!claimed) return [`the federation does not know cluster ${name}`]
    return ready && claimed.ready ? [] : [`cluster ${name} is not ready`]
  })
}

function checkSpread(claims: Claims, observed: Observed): string[] {
  const counts = Object.values(observed.replicas)
  const uneven = Math.max(...counts) - Math.min(...counts) > 1
  const different = Object.entries(observed.replicas).filter(
    ([name, count]) => claims.replicas[name] !== count,
  )
  return [
    ...(uneven ? [`the app is not spread evenly: ${JSON.stringify(observed.replicas)}`] : []),
    ...(counts.every(count => count === 0) ? ['no pod of the app is ready'] : []),
    ...different.map(
      ([name, count]) => `${name} has ${count} ready pods, not ${claims.replicas[name] ?? 0} as reported`,
    ),
  ]
}

function checkEndpoints(claims: Claims, observed: Observed): string[] {
  const real = new Set(observed.endpoints.map(endpoint => endpoint.hostname))
  const unreal = claims.endpoints.filter(endpoint => !real.has(endpoint.hostname))
  const missing = observed.clusters.filter(
    ({ name }) => !claims.endpoints.some(endpoint => endpoint.cluster === name),
  )
  return [
    ...unreal.map(({ cluster, hostname }) => `the endpoint ${hostname} of ${cluster} does not exist`),
    ...missing.map(({ name }) => `cluster ${name} has no endpoint`),
  ]
}

function checkNames({ dns, endpoints }: Claims): string[] {
  const wrong = dns.verification.filter(city => !city.ok)
  const regions = new Set(dns.records.map(record => record.region))
  const missing = endpoints.filter(endpoint => !regions.has(endpoint.region))
  return [
    ...(dns.verification.length === 0 ? ['no city was asked for the name'] : []),
    ...wrong.map(
      ({ city, region, expected }) => `${city} is led to ${region || 'nowhere'}, not to ${expected}`,
    ),
    ...missing.map(({ region }) => `${dns.fqdn || 'the name'} has no record for ${region}`),
  ]
}
