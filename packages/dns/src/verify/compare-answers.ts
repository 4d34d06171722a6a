import type { LatencyRecord } from '../records/latency-record.ts'
import type { Answer } from './ask-answer.ts'
import type { ServerAnswers } from './ask-name-servers.ts'
import { findNearest, type Position } from './geography.ts'
import { type Judged, judgeAddresses, judgeTargets } from './judge-answers.ts'

/** Where a name is asked for from, and which region should answer there, if it is not the nearest. */
export type AskedFrom = { readonly city: string; readonly subnet: string } & (
  | (Position & { readonly expected?: string | undefined })
  | { readonly expected: string }
)
/** A city next to a region, by whose answer the addresses of that region's load balancer are known. */
export type Anchor = { readonly subnet: string; readonly expected: string }

/** What one city was answered. `region` and `target` are absent where the answer did not tell. */
export type CityAnswer = {
  readonly city: string
  readonly subnet: string
  readonly expected: string
  readonly region?: string
  readonly target?: string
  readonly answer: readonly string[]
  /** Did everybody who was asked answer with the expected region? */
  readonly ok: boolean
  readonly problem?: string
  /** Who has answered: so many of the zone's name servers, or Route 53's API; absent where nobody has. */
  readonly provenBy?: string
}

export type Regions = Readonly<Record<string, Position | undefined>>

/** Answers by client subnet: of each name server, and of Route 53's API where these have not answered. */
export type Answers = {
  readonly api?: ReadonlyMap<string, Answer> | undefined
  readonly servers: readonly ServerAnswers[]
}

/** Puts answers beside expectations, in the order of `from`. Pure. */
export function compareAnswers(
  from: readonly AskedFrom[],
  answers: Answers,
  group: readonly LatencyRecord[],
  regions: Regions,
  anchors: readonly Anchor[] = [],
): CityAnswer[] {
  const expectations = from.map(point => ({
    subnet: point.subnet,
    expected: expectedRegion(point, group, regions),
  }))
  const judge = (heard: ReadonlyMap<string, Answer>) => judgeVoice(heard, expectations, anchors, group)
  const api = answers.api && judge(answers.api)
  const servers = answers.servers.flatMap(one =>
    'answers' in one ? [{ server: one.server, heard: one.answers, judged: judge(one.answers) }] : [],
  )
  return from.map(({ city, subnet }, at) => {
    const expected = expectations[at]?.expected ?? ''
    const voices = servers.flatMap(({ server, heard, judged }) => {
      const said = judged[at]
      return said ? [{ server, heard, said }] : []
    })
    const [first] = voices
    const said: Judged = agreeOn(voices) ?? api?.[at] ?? { problem: 'did not get an answer' }
    const provenBy = first ? tellServers(voices.length) : api?.[at] && 'TestDNSAnswer'
    return {
      city,
      subnet,
      expected,
      ...said,
      answer: (first?.heard ?? answers.api)?.get(subnet)?.records ?? [],
      ok: said.region === expected,
      ...(provenBy && { provenBy }),
    }
  })
}

const tellServers = (count: number) => `${count} name server${count === 1 ? '' : 's'}`

/** What one of those who were asked says for each place; undefined where no answer came. */
function judgeVoice(
  heard: ReadonlyMap<string, Answer>,
  places: readonly Anchor[],
  anchors: readonly Anchor[],
  group: readonly LatencyRecord[],
): (Judged | undefined)[] {
  const hear = ({ subnet, expected }: Anchor) => {
    const answer = heard.get(subnet)
    return answer ? [{ subnet, expected, answer }] : []
  }
  const known = places.flatMap(hear)
  const judged =
    group[0]?.kind === 'cname'
      ? judgeTargets(known, group)
      : judgeAddresses(known, anchors.flatMap(hear), group)
  const bySubnet = new Map(known.map(({ subnet }, at) => [subnet, judged[at]]))
  return places.map(({ subnet }) => bySubnet.get(subnet))
}

/** What several name servers say together: the first one's word, unless they differ; undefined where none spoke. */
function agreeOn(voices: readonly { server: string; said: Judged }[]): Judged | undefined {
  const words = voices.map(({ server, said }) => `${server} ${said.region ?? said.problem}`)
  const differ = new Set(voices.map(({ said }) => said.region)).size > 1
  return differ ? { problem: `the name servers differ: ${words.join(', ')}` } : voices[0]?.said
}

function expectedRegion(point: AskedFrom, group: readonly LatencyRecord[], regions: Regions): string {
  if (point.expected !== undefined) return point.expected
  const places = group.flatMap(({ region }) => {
    const position = regions[region]
    return position ? [{ region, latitude: position.latitude, longitude: position.longitude }] : []
  })
  return ('latitude' in point ? findNearest(point, places)?.region : undefined) ?? ''
}
