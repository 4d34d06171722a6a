import type { Found } from './cloud/read-xml.ts'
import type { CloudClient } from './cloud-client.ts'
import type { Cluster } from './cluster-object.ts'
import type { Kops } from './context.ts'

/** A cluster being built, and what has been found or made of it so far. */
export type Building = { kops: Kops; cloud: CloudClient; cluster: Cluster; found: Found[] }
