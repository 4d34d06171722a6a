import { expect, test } from 'vitest'
import { messageOfInputs, type Step, shortcomings } from './step.ts'

/** Wrong first steps that name clusters, as federate, deploy-federated-app and teardown take them. */

const steps: Step[] = [
  {
    done: 'aliases alone',
    action: 'federate',
    inputs: { clusters: 'usa, eur' },
    what: "'usa, eur'",
    where: 'input clusters',
    allowed: 'a list of clusters, each with name and region',
  },
  {
    done: 'a map of aliases and regions',
    action: 'federate',
    inputs: { clusters: '{usa: us-east-1, eur: eu-west-1}' },
    what: "'{usa: us-east-1, eur: eu-west-1}'",
    where: 'input clusters',
    allowed: 'a list of clusters, each with name and region',
  },
  {
    done: 'a list of names',
    action: 'teardown',
    inputs: { clusters: '[usa.k8s.example.com]' },
    what: "'[usa.k8s.example.com]' [0]",
    where: 'input clusters',
    allowed:
      'a map of fields (name, region, zones, provider, fullName, stateStore, eksName, kindName, role), not text',
  },
  {
    done: 'a bracket that was not closed',
    action: 'federate',
    inputs: { clusters: '[{name: usa, region: us-east-1}' },
    what: 'must end with a ]',
    where: 'at line 1, column 32',
    allowed: 'must be YAML or JSON',
  },
  {
    done: 'a cluster without its region',
    action: 'federate',
    inputs: { clusters: '[{name: usa}]' },
    what: '[0].region: is missing',
    where: 'input clusters',
    allowed: 'it must be text',
  },
  {
    done: 'a zone for a region',
    action: 'deploy-federated-app',
    inputs: { clusters: '[{name: usa, region: us-east-1a}]' },
    what: "[0].region: 'us-east-1a'",
    where: 'input clusters',
    allowed: "a region such as 'us-east-1'",
  },
  {
    done: 'a region that does not exist',
    action: 'teardown',
    inputs: { clusters: '[{name: usa, region: us-esat-1}]' },
    what: "usa is in 'us-esat-1'",
    where: 'input clusters',
    allowed: 'did you mean us-east-1?',
  },
  {
    done: 'the name of an input for that of a field',
    action: 'federate',
    inputs: { clusters: '[{name: usa, region: us-east-1, state-store: s3://our-states}]' },
    what: "has no field 'state-store'",
    where: 'input clusters',
    allowed: 'only name, region, zones, provider, fullName, stateStore',
  },
  {
    done: 'one zone where a list of them stands',
    action: 'federate',
    inputs: { clusters: '[{name: usa, region: us-east-1, zones: us-east-1a}]' },
    what: '[0].zones',
    where: 'input clusters',
    allowed: 'must be a list, not text',
  },
  {
    done: 'one name for two clusters',
    action: 'federate',
    inputs: { clusters: '[{name: usa, region: us-east-1}, {name: usa, region: eu-west-1}]' },
    what: "two clusters are named 'usa'",
    where: 'input clusters',
    allowed: 'names must differ',
  },
  {
    done: 'a variable that is not set',
    action: 'federate',
    inputs: { clusters: '' },
    what: 'it was not given',
    where: 'input clusters',
    allowed: 'is required',
  },
  {
    done: 'a host that is no member',
    action: 'federate',
    inputs: { host: 'jpn' },
    what: "'jpn'",
    where: 'input host',
    allowed: 'must be one of clusters: usa, eur',
  },
  {
    done: 'the name of a cluster for the federation',
    action: 'federate',
    inputs: { name: 'usa' },
    what: "'usa'",
    where: 'input name',
    allowed: "the federation's context must have its own",
  },
  {
    done: 'a control plane of others without a way to it',
    action: 'federate',
    inputs: { 'control-plane': 'existing' },
    what: 'it was not given',
    where: 'input karmada-kubeconfig',
    allowed: "is required with control-plane 'existing'",
  },
  {
    done: 'a teardown that names nothing',
    action: 'teardown',
    inputs: { clusters: '' },
    what: 'it was not given',
    where: 'input clusters',
    allowed: 'is required for the scope app, federation, clusters, state',
  },
  {
    done: 'a teardown of all',
    action: 'teardown',
    inputs: { scope: 'all' },
    what: "'all'",
    where: 'input scope',
    allowed: 'must be one of dns, app, federation, clusters, state',
  },
  {
    done: 'a reaper that is told what to reap',
    action: 'teardown',
    inputs: { mode: 'reap' },
    what: 'must not be given',
    where: 'input clusters',
    allowed: 'mode reap, which finds environments by their claims',
  },
]

test.each(steps)('$action is given $done', async step => {
  const said = await messageOfInputs(step)
  expect(shortcomings(said, step), said).toEqual([])
})
