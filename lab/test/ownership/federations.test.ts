import { afterAll, describe } from 'vitest'
import { testCells } from './cells.ts'
import { closeFederations, federationRow } from './federation-row.ts'
import { readTable } from './table.ts'

afterAll(closeFederations)

const planes = readTable(
  ['federate', 'prune', 'whole', 'hosts', 'part'],
  `
                     federate   prune      whole      hosts    part
  ours               untouched  untouched  gone       ·        untouched
  older              changed    changed    ·          ·        ·
  unclaimed          untouched  ·          ·          ·        ·
  other environment  refused    refused    ·          refused  ·
  domain below       refused    refused    untouched  refused  ·
  other repository   refused    refused    untouched  refused  untouched
  its namesake       refused    refused    ·          refused  ·
  mark garbled       refused    refused    untouched  refused  ·
  domain above       refused    refused    ·          refused  ·
`,
)

const members = readTable(
  ['federate', 'prune', 'whole', 'hosts', 'part'],
  `
                     federate   prune      whole    hosts    part
  ours               untouched  gone       ·        ·        gone
  older              changed    gone       ·        ·        ·
  unclaimed          untouched  untouched  refused  refused  untouched
  other environment  refused    untouched  refused  refused  refused
  domain below       refused    untouched  refused  refused  refused
  other repository   refused    untouched  refused  refused  refused
  its namesake       refused    untouched  refused  refused  refused
  other account      refused    untouched  refused  refused  refused
  mark garbled       refused    untouched  refused  refused  refused
  domain above       refused    untouched  refused  refused  refused
`,
)

const apps = readTable(
  ['redeploy', 'empty', 'whole', 'hosts', 'part', 'app'],
  `
                     redeploy   empty      whole      hosts    part       app
  ours               changed    gone       ·          ·        untouched  gone
  older              changed    ·          ·          ·        ·          gone
  unclaimed          refused    ·          refused    refused  ·          untouched
  other environment  refused    ·          refused    refused  ·          untouched
  domain below       refused    untouched  refused    refused  ·          untouched
  other repository   refused    untouched  refused    refused  untouched  untouched
  its namesake       refused    ·          refused    refused  ·          untouched
  mark garbled       refused    untouched  refused    refused  ·          untouched
  domain above       refused    ·          refused    refused  ·          untouched
`,
)

describe('a control plane', () => testCells(planes, owner => federationRow('plane', owner)))
describe('a member', () => testCells(members, owner => federationRow('member', owner)))
describe('an app', () => testCells(apps, owner => federationRow('app', owner)))
