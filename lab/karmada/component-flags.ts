import type { Store } from '@meridian/lab-kube-api'
import { listAt } from '@meridian/lab-world/json'
import { systemNamespace } from './names.ts'

/** The flags of a control plane's Deployment on the host, as `--name=value` in command or arguments. */
function flagOf(host: Store, component: string, name: string): string | undefined {
  const deployment = host.get('Deployment', systemNamespace, component)
  const words = listAt(deployment, 'spec', 'template', 'spec', 'containers').flatMap(container => [
    ...listAt(container, 'command'),
    ...listAt(container, 'args'),
  ])
  const given = words.map(String).filter(word => word === `--${name}` || word.startsWith(`--${name}=`))
  const last = given.at(-1)
  return last === undefined ? undefined : last.slice(name.length + 3) || 'true'
}

/** Whether a component runs with a flag that is off by default. */
export function hasFlag(host: Store, component: string, name: string): boolean {
  return flagOf(host, component, name) === 'true'
}

/** Whether a component runs with a feature gate that is off by default. */
export function hasGate(host: Store, component: string, gate: string): boolean {
  return (flagOf(host, component, 'feature-gates') ?? '').split(',').includes(`${gate}=true`)
}
