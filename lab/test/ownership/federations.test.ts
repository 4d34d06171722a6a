import { afterAll, describe } from 'vitest'
import { testCells } from './cells.ts'
import { closeFederations, federationRow } from './federation-row.ts'
import { readTable } from './table.ts'

afterAll(closeFederations)

/** The control plane has been installed by the owner of the row; its members and the app in it are the run's own. */
const planes = readTable(
  ['federate', 'prune', 'whole', 'hosts', 'part', 'reap'],
  `
                     federate   prune      whole      hosts    part       reap
  ours               untouched  untouched  gone       ·        untouched  ·
  older              changed    ·          ·          ·        ·          ·
  unclaimed          untouched  ·          ·          ·        ·          ·
  other environment  refused    ·          ·          ·        ·          ·
  domain below       refused    refused    untouched  refused  untouched  told
  other repository   refused    refused    untouched  refused  untouched  told
  its namesake       refused    ·          ·          refused  ·          ·
  mark denied        ·          refused    refused    refused  refused    told
  mark 404 page      ·          refused    refused    refused  refused    told
  mark empty         ·          refused    refused    refused  refused    told
  mark garbled       refused    refused    untouched  refused  untouched  told
`,
)

/** The member eur has been joined by the owner of the row, to a control plane of the run's own with an app of its own. */
const members = readTable(
  ['federate', 'prune', 'whole', 'hosts', 'part', 'reap'],
  `
                     federate   prune      whole    hosts    part       reap
  ours               untouched  gone       ·        ·        gone       ·
  older              changed    gone       ·        ·        ·          ·
  unclaimed          untouched  untouched  refused  ·        untouched  told
  other environment  ·          untouched  refused  ·        refused    ·
  domain below       refused    untouched  refused  refused  refused    told
  other repository   refused    untouched  refused  refused  refused    told
  its namesake       refused    untouched  refused  ·        refused    ·
  mark denied        ·          refused    refused  refused  refused    told
  mark 404 page      ·          refused    refused  refused  refused    told
  mark empty         ·          refused    refused  refused  refused    told
  mark garbled       refused    untouched  refused  refused  refused    told
`,
)

/** The app has been deployed by the owner of the row, to a federation that is the run's own. */
const apps = readTable(
  ['redeploy', 'empty', 'whole', 'hosts', 'part', 'app', 'reap'],
  `
                     redeploy  empty      whole    hosts    part       app        reap
  ours               changed   gone       ·        ·        untouched  gone       ·
  older              changed   ·          ·        ·        ·          gone       ·
  unclaimed          refused   ·          refused  ·        ·          untouched  told
  other environment  refused   ·          refused  ·        ·          untouched  ·
  domain below       refused   untouched  refused  refused  untouched  untouched  told
  other repository   refused   untouched  refused  refused  untouched  untouched  told
  its namesake       refused   ·          refused  ·        ·          untouched  ·
  mark denied        ·         refused    refused  refused  refused    refused    told
  mark 404 page      ·         refused    refused  refused  refused    refused    told
  mark empty         ·         refused    refused  refused  refused    refused    told
  mark garbled       refused   untouched  refused  refused  untouched  untouched  told
`,
)

describe('a control plane', () => testCells(planes, owner => federationRow('plane', owner)))
describe('a member', () => testCells(members, owner => federationRow('member', owner)))
describe('an app', () => testCells(apps, owner => federationRow('app', owner)))
