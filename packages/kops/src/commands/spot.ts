import { parseAllDocuments } from 'yaml'

/**
 * The objects that kops prints, with spot machines in the groups of nodes; `size` is their type, or several with commas. kops
 * has no flag for it. Spot machines by a policy need no price, and come from the pools that have most to spare.
 */
export function makeSpot(yaml: string, size: string): string {
  const policy = {
    instances: size.split(','),
    onDemandBase: 0,
    onDemandAboveBase: 0,
    spotAllocationStrategy: 'price-capacity-optimized',
  }
  const documents = parseAllDocuments(yaml)
  for (const document of documents) {
    if (document.get('kind') === 'InstanceGroup' && document.getIn(['spec', 'role']) === 'Node')
      document.setIn(['spec', 'mixedInstancesPolicy'], document.createNode(policy))
  }
  // As documents, so that what kops has quoted stays so: it would read a bare `no` as false.
  return documents.map(document => document.toString({ lineWidth: 0 }).replace(/^---\n/, '')).join('---\n')
}
