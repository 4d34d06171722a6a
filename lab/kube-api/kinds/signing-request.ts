import { listAt, numberAt, sameJson, textAt } from '@meridian/lab-world/json'
import { ageColumn, column, columns } from '../columns.ts'
import { describeDuration } from '../duration.ts'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { forbiddenValue, invalid } from '../status-error.ts'
import { child, fill } from '../types/fill.ts'

function conditionOf(request: KubeObject): string {
  const types = listAt(request, 'status', 'conditions').map(condition => textAt(condition, 'type'))
  const said = ['Denied', 'Approved', 'Failed'].filter(type => types.includes(type))
  if (textAt(request, 'status', 'certificate')) said.push('Issued')
  return said.join(',') || 'Pending'
}

export const signingRequestKind: Kind = {
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  singular: 'certificatesigningrequest',
  shortNames: ['csr'],
  namespaced: false,
  status: true,
  approval: true,
  nameRule: 'path',
  selectable: ['spec.signerName'],
  columns: columns(
    [
      ageColumn,
      column('SignerName', request => textAt(request, 'spec', 'signerName')),
      column('Requestor', request => textAt(request, 'spec', 'username')),
      column('RequestedDuration', request => {
        const seconds = numberAt(request, 'spec', 'expirationSeconds')
        return seconds ? describeDuration(seconds * 1000) : '<none>'
      }),
      column('Condition', conditionOf),
    ],
    [],
    { age: false },
  ),
  author(request, { name, groups }) {
    Object.assign(child(request, 'spec'), { username: name, groups: [...groups] })
  },
  prepare(request, previous) {
    const spec = child(request, 'spec')
    fill(spec, { usages: ['digital signature', 'key encipherment'] })
    if (previous && !sameJson(previous.spec, spec)) {
      const rule = 'updates to certificatesigningrequest specification are forbidden after creation'
      throw invalid(signingRequestKind, request.metadata.name, [forbiddenValue('spec', rule)])
    }
  },
}
