import { type Admission, authenticate, type Credentials } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { authorize } from './authorize.ts'
import type { Policies } from './policies.ts'

/** Lets in who is known, signs in time, and has a policy that allows what it needs. */
export function createAdmission(world: World, credentials: Credentials, policies: Policies): Admission {
  let count = 0
  return (request, asked) => {
    count += 1
    if (world.faults.details('expire-sessions').includes(String(count))) credentials.expireAll()
    // A web identity is its own proof.
    if (asked.operation === 'AssumeRoleWithWebIdentity') return
    authorize(world.faults, policies, {
      ...asked,
      caller: authenticate(request, credentials, world.clock.now()),
    })
  }
}
