// Prints what Meridian costs, beside version 0.1 and what else there is: docs/performance.md says how to read it.
// Arguments: a checkout of version 0.1, where git does not have it, one of aws-actions/configure-aws-credentials, and the
// path of an external-dns; '' stands for none.
import { benchCancel } from './bench-cancel.ts'
import { benchCrowd } from './bench-crowd.ts'
import { benchDeploy } from './bench-deploy.ts'
import { benchDns } from './bench-dns.ts'
import { benchEnvironments } from './bench-environments.ts'
import { benchExternalDns } from './bench-external-dns.ts'
import { benchFederate } from './bench-federate.ts'
import { benchKubeconfig } from './bench-kubeconfig.ts'
import { benchReap } from './bench-reap.ts'
import { benchStart } from './bench-start.ts'
import { benchStory } from './bench-story.ts'
import { benchTeardown } from './bench-teardown.ts'
import { measureBundles } from './bundle-budgets.ts'
import { verdict } from './verdict.ts'

const [baseline, peer, externalDns] = process.argv.slice(2).map(given => given || undefined)

console.log('bundles')
for (const { action, bytes, budget } of measureBundles()) verdict(action, bytes / 1e6, budget / 1e6, 'MB')
await benchStart(baseline, peer)
await benchStory()
await benchCancel()
await benchDns()
await benchCrowd()
if (externalDns) await benchExternalDns(externalDns)
await benchEnvironments()
await benchFederate()
await benchKubeconfig(baseline)
await benchDeploy(baseline)
await benchTeardown(baseline)
await benchReap(baseline)
