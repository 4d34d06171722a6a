import type { Environment, Job } from '@meridian/runner'

export type ActionName = keyof typeof actions

/** Of each action its inputs and its recipe in one, loaded from the sources when it is first run. */
export const actions = {
  'create-cluster': async () =>
    bind(
      await import('../../actions/create-cluster/src/inputs.ts'),
      await import('../../actions/create-cluster/src/run.ts'),
    ),
  federate: async () =>
    bind(
      await import('../../actions/federate/src/inputs.ts'),
      await import('../../actions/federate/src/run.ts'),
    ),
  'deploy-federated-app': async () =>
    bind(
      await import('../../actions/deploy-federated-app/src/inputs.ts'),
      await import('../../actions/deploy-federated-app/src/run.ts'),
    ),
  'latency-dns': async () =>
    bind(
      await import('../../actions/latency-dns/src/inputs.ts'),
      await import('../../actions/latency-dns/src/run.ts'),
    ),
  'report-environment': async () =>
    bind(
      await import('../../actions/report-environment/src/inputs.ts'),
      await import('../../actions/report-environment/src/run.ts'),
    ),
  teardown: async () =>
    bind(
      await import('../../actions/teardown/src/inputs.ts'),
      await import('../../actions/teardown/src/run.ts'),
    ),
}

function bind<Inputs>(
  { readInputs }: { readInputs: (env: Environment) => Inputs },
  { run }: { run: (inputs: Inputs, job: Job) => Promise<void> },
): (env: Environment, job: Job) => Promise<void> {
  return (env, job) => run(readInputs(env), job)
}
