import type { WorkflowRequest } from '@meridian/lab-runner'
import type { There } from './find-lies.ts'
import { performHere } from './perform-here.ts'

type Perform = NonNullable<WorkflowRequest['perform']>
type Standing = { image: string; named: boolean; expires: string; pullRequest: string }

/** A federation that does at once what it is told, for what many orders of events leave behind. */
export type QuickWorld = {
  readonly perform: Perform
  look(environment: string): There
  /** Lets the time of an environment be over; whether there is one. */
  expire(environment: string): boolean
}

const hosts = ['a-1.us-east-1.elb.amazonaws.com', 'b-2.eu-west-1.elb.amazonaws.com']
const past = '2026-01-01T00:00:00Z'

/** `isClosed` is GitHub's word, as the reaper asks for it; `tick` lets other runs go on in between. */
export function createQuickWorld(
  isClosed: (number: number) => boolean,
  tick: () => Promise<void>,
): QuickWorld {
  const standing = new Map<string, Standing>()
  const nothing: Record<string, string> = {}
  const answers: Record<string, (given: (name: string) => string) => Record<string, string>> = {
    'deploy-federated-app': given => {
      const seconds = Number.parseInt(given('lifetime'), 10)
      const expires = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
      const { named = false } = standing.get(given('environment')) ?? {}
      const image = given('images').replace('web=', '')
      standing.set(given('environment'), { image, named, expires, pullRequest: given('pull-request') })
      const endpoints = hosts.map((hostname, at) => ({
        ...{ cluster: at === 0 ? 'usa' : 'eur', region: at === 0 ? 'us-east-1' : 'eu-west-1', hostname },
      }))
      return { 'expires-at': expires, endpoints: JSON.stringify(endpoints), replicas: '{"usa":1,"eur":1}' }
    },
    'latency-dns': given => {
      const found = standing.get(given('environment'))
      if (found) found.named = true
      return { url: `http://${given('record')}.${given('environment')}.${given('domain')}` }
    },
    teardown: given => {
      if (given('mode') !== 'reap') {
        standing.delete(given('environment'))
        return nothing
      }
      const told = [...standing].map(([environment, { expires, pullRequest }]) => {
        const gone = Date.parse(expires) < Date.now() || isClosed(Number(pullRequest))
        return {
          environment,
          domain: given('domain'),
          repository: 'acme/shop',
          pullRequest,
          gone,
          reason: 'its time is over',
        }
      })
      for (const { environment, gone } of told) if (gone) standing.delete(environment)
      return { environments: JSON.stringify(told) }
    },
  }
  return {
    async perform(asked) {
      const action = asked.directory.split('/').at(-1) ?? ''
      const answer = answers[action]
      if (answer === undefined) return performHere(asked)
      await tick()
      const outputs = answer(name => asked.env[`INPUT_${name.toUpperCase()}`] ?? '')
      await tick()
      return { ok: true, annotations: [], outputs, summary: '' }
    },
    look(environment) {
      const found = standing.get(environment)
      if (found === undefined)
        return { objects: [], image: '', records: [], addresses: [], hostnames: [], claim: '' }
      return {
        objects: ['Deployment web'],
        image: found.image,
        records: found.named ? [`record web.${environment}`] : [],
        addresses: found.named ? [`web.${environment}.k8s.example.com.`] : [],
        hostnames: hosts,
        claim: `expires=${found.expires}`,
      }
    },
    expire(environment) {
      const found = standing.get(environment)
      if (found) found.expires = past
      return found !== undefined
    },
  }
}
