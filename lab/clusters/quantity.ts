const factors: Record<string, number> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** The value of a Kubernetes quantity: `100m` is 0.1, `1Gi` is 2^30. Unreadable ones count as 0. */
export function parseQuantity(text: unknown): number {
  const [, digits = '', unit = ''] = /^([0-9.]+)([A-Za-z]{0,2})$/.exec(String(text ?? '')) ?? []
  return Number(digits || 0) * (factors[unit] ?? 0)
}

export type Requests = { cpu: number; memory: number; pods: number }

/** What one pod asks for: the sum over its containers, and one pod. */
export function podRequests(spec: unknown): Requests {
  const { containers = [] } = (spec ?? {}) as {
    containers?: { resources?: { requests?: Record<string, string> } }[]
  }
  const sum = (name: string) =>
    containers.reduce((total, each) => total + parseQuantity(each.resources?.requests?.[name]), 0)
  return { cpu: sum('cpu'), memory: sum('memory'), pods: 1 }
}

/** How many pods with these requests fit into what is free; Infinity never, as pods are limited themselves. */
export function roomFor(free: Requests, request: Requests): number {
  const limits = [
    free.pods,
    request.cpu > 0 ? free.cpu / request.cpu : Number.POSITIVE_INFINITY,
    request.memory > 0 ? free.memory / request.memory : Number.POSITIVE_INFINITY,
  ]
  // The small addition keeps 0.3 / 0.1 from being rounded down to 2.
  return Math.max(0, Math.floor(Math.min(...limits) + 1e-9))
}

/** Allocatable of a node less what the given pods on it request. */
export function freeOn(allocatable: Record<string, string>, podSpecs: readonly unknown[]): Requests {
  const free = {
    cpu: parseQuantity(allocatable.cpu),
    memory: parseQuantity(allocatable.memory),
    pods: parseQuantity(allocatable.pods),
  }
  for (const spec of podSpecs) {
    const used = podRequests(spec)
    free.cpu -= used.cpu
    free.memory -= used.memory
    free.pods -= 1
  }
  return free
}
