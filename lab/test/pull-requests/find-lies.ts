// Judges by what GitHub shows to people and by what is in the world. It shares no code with what writes either.

import type { GithubRepository } from '@meridian/lab-github'
import type { Universe } from '@meridian/lab-universe'
import { textAt } from '@meridian/lab-world/json'

const bot = 'github-actions[bot]'
/** Whether a pull request is to have an environment at rest, by whoever plays the people. */
export type Wanted = (number: number) => boolean

export type Look = (environment: string) => There

/** One sentence for each thing that GitHub says of environments and that is not so, or that is there and not said. */
export function findLies({ holdings }: GithubRepository, look: Look, wanted: Wanted): string[] {
  return holdings.pulls.flatMap(pull => {
    const { number } = pull
    const name = `pr-${number}`
    const tell = (lie: string) => `#${number}: ${lie}`
    const comments = holdings.comments.filter(
      each => each.number === number && each.author === bot && each.body.startsWith('<!-- meridian:'),
    )
    const there = look(name)
    const said = comments[0]?.body.split('\n')[2] ?? ''
    const deployments = holdings.deployments.filter(each => each.environment === name)
    const alive = deployments.filter(({ statuses }) => statuses.at(-1)?.state !== 'inactive')
    const isReady = / is ready$/.test(said)
    const lies = [
      ...(comments.length > 1 ? [`${comments.length} comments`] : []),
      ...(isReady === wanted(number)
        ? []
        : [
            `it ${wanted(number) ? 'should' : 'should not'} have an environment, and the comment is: ${said || 'none'}`,
          ]),
      ...(isReady || said === '' || / is (removed|not made)$/.test(said)
        ? []
        : [`at rest the comment still says: ${said}`]),
    ]
    if (!isReady) {
      const leaks = [...there.objects, ...there.records, ...alive.map(({ id }) => `deployment ${id}`)]
      return [...lies, ...leaks.map(leak => `left over: ${leak}`)].map(tell)
    }
    return [...lies, ...lieOfReady(comments[0]?.body ?? '', pull.head, there, alive)].map(tell)
  })
}

/** What is there of an environment, by its name. */
export type There = {
  objects: string[]
  image: string
  records: string[]
  addresses: string[]
  hostnames: string[]
  claim: string
}

function lieOfReady(
  body: string,
  head: string,
  there: There,
  alive: { sha: string; statuses: { state: string; environmentUrl: string }[] }[],
): string[] {
  const [, url = ''] = /\*\*<(http:[^>]*)>\*\*/.exec(body) ?? []
  const [, commit = ''] = /Commit <code>(\w+)</.exec(body) ?? []
  const [, until = ''] = /stays until (\S+ \S+) UTC/.exec(body) ?? []
  const [, expires = ''] = /expires=([^,"]+)/.exec(there.claim) ?? []
  const [only, ...more] = alive
  const shown = only?.statuses.at(-1)
  const facts: [boolean, string][] = [
    [
      head.startsWith(commit) && commit !== '',
      `it says commit ${commit}, but the head is ${head.slice(0, 7)}`,
    ],
    [there.image.endsWith(`:${head}`), `${there.image} runs, but the head is ${head.slice(0, 7)}`],
    [there.addresses.includes(`${url.replace('http://', '')}.`), `${url} leads nowhere`],
    [
      there.hostnames.length === 2 && there.hostnames.every(each => body.includes(`<code>${each}<`)),
      'it shows other load balancers than there are',
    ],
    [
      until !== '' && expires.startsWith(until.replace(' ', 'T')),
      `it says until ${until}, the claim ${expires}`,
    ],
    [
      more.length === 0 && only?.sha === head && shown?.state === 'success',
      `its deployments are ${JSON.stringify(alive.map(({ sha, statuses }) => [sha.slice(0, 7), statuses.at(-1)?.state]))}`,
    ],
    [shown?.environmentUrl === url, `the deployment leads to ${shown?.environmentUrl}`],
  ]
  return facts.flatMap(([isTrue, lie]) => (isTrue ? [] : [lie]))
}

/** All that bears the name of an environment: in the federation, in its members, and in the zone. */
export const lookAround =
  ({ clusters, zone }: Universe): Look =>
  name => {
    const federation = clusters.federations()[0]?.store
    const plain = ['Deployment', 'Service', 'ConfigMap']
    const stores = [
      ...(federation
        ? [{ store: federation, kinds: [...plain, 'PropagationPolicy', 'OverridePolicy'] }]
        : []),
      ...clusters.clusters().map(({ store }) => ({ store, kinds: plain })),
    ]
    const objects = stores.flatMap(({ store, kinds }) =>
      kinds.flatMap(kind =>
        store
          .list(kind, { namespace: name })
          .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
          .map(({ metadata }) => `${kind} ${metadata.name}`),
      ),
    )
    const services = clusters.clusters().flatMap(({ store }) => store.list('Service', { namespace: name }))
    const records = zone.records.all().filter(each => each.name.includes(`.${name}.`))
    const claim = records.find(each => each.name.includes('_claim-'))
    return {
      objects,
      image: textAt(
        federation?.list('Deployment', { namespace: name })[0],
        'spec',
        'template',
        'spec',
        'containers',
        0,
        'image',
      ),
      hostnames: services
        .map(service => textAt(service, 'status', 'loadBalancer', 'ingress', 0, 'hostname'))
        .filter(Boolean),
      records: records.map(each => `record ${each.name}`),
      addresses: records.filter(({ type }) => type === 'A').map(each => each.name),
      claim: claim?.values.join('').replaceAll('" "', '') ?? '',
    }
  }
