import { copyJson, type Fields, isFields, listAt } from '../objects.ts'

/** Sets the fields that are missing; null counts as missing. */
export function fill(target: Fields, defaults: Readonly<Fields>): void {
  for (const [name, value] of Object.entries(defaults)) target[name] ??= copyJson(value)
}

/** The map in a field, made if it is not there. */
export function child(target: Fields, name: string): Fields {
  const present = target[name]
  if (isFields(present)) return present
  const made: Fields = {}
  target[name] = made
  return made
}

/** What every pod spec has if nobody says otherwise. */
export function fillPodSpec(spec: Fields): void {
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  })
  for (const name of ['containers', 'initContainers']) {
    for (const container of listAt(spec, name)) if (isFields(container)) fillContainer(container)
  }
}

function fillContainer(container: Fields): void {
  const image = String(container.image ?? '')
  const tagged = /:[^/]+$/.test(image) && !image.endsWith(':latest')
  fill(container, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: tagged || image.includes('@') ? 'IfNotPresent' : 'Always',
  })
  for (const port of listAt(container, 'ports')) if (isFields(port)) fill(port, { protocol: 'TCP' })
}
