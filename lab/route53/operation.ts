import type { XmlInput } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import type { Changes } from './changes.ts'
import type { HealthChecks } from './health-checks.ts'
import type { Zones } from './zones.ts'

export type Parts = { world: World; zones: Zones; checks: HealthChecks; changes: Changes }

export type Result = Record<string, XmlInput>
