import type { Identity } from '@meridian/identity'
import { claimObject } from '@meridian/karmada'
import { describeRef, isUnknownKind, type Kube, type KubeObject, refOf } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import { ownerOfKind } from '../plan/mark-object.ts'
import { findManifests } from './find-manifests.ts'
import { mostObjects, parseManifest } from './parse-manifest.ts'
import { prepareObjects } from './prepare-objects.ts'
import { renderKustomizations } from './render-kustomization.ts'

/** What of the inputs shapes objects. */
type ObjectInputs = Pick<Inputs, 'namespace' | 'images' | 'imagePullSecrets' | 'allowedKinds'>

/** Reads the manifests from the workspace; throws one UserError for all that is wrong with them. */
export async function readManifests(
  inputs: ObjectInputs & Pick<Inputs, 'manifests' | 'kubectlPath' | 'kubectlUrl'>,
  job: Job,
): Promise<KubeObject[]> {
  const { files: plain, folders } = await findManifests(job.run.workspace, inputs.manifests)
  const found = [...plain, ...(await renderKustomizations(job, inputs, folders))]
  const files = found.map(parseManifest)
  const objects = files.flatMap(file => file.objects)
  refuse(files.flatMap(file => file.problems))
  if (objects.length === 0)
    refuse([
      `there is no object in ${found
        .map(({ path }) => path)
        .slice(0, 10)
        .join(', ')}`,
    ])
  if (objects.length > mostObjects) refuse([`there are ${objects.length} objects, more than ${mostObjects}`])
  // What depends on the kinds that the federation knows is looked at again later; the rest is told at once.
  refuse(prepare(inputs, objects, () => true).problems)
  return objects
}

/** The objects as they are to be, with the namespaces that must be made for them. */
export async function prepareTemplates(
  inputs: ObjectInputs,
  federation: Kube,
  objects: readonly KubeObject[],
  identity: Identity,
): Promise<KubeObject[]> {
  const scopes = new Map<string, boolean>()
  const unknown: string[] = []
  for (const object of objects) {
    const type = `${object.apiVersion} ${object.kind}`
    if (scopes.has(type)) continue
    try {
      scopes.set(type, await federation.isNamespaced(object))
    } catch (error) {
      if (!isUnknownKind(error)) throw error
      const scope = definedScope(objects, object)
      if (scope !== undefined) scopes.set(type, scope === 'Namespaced')
      else
        unknown.push(
          `${describeRef(refOf(object))} is of ${object.apiVersion}, which the federation does not serve: add its CustomResourceDefinition to the manifests`,
        )
    }
  }
  refuse(unknown)
  const { objects: prepared, problems } = prepare(
    inputs,
    objects,
    object => scopes.get(`${object.apiVersion} ${object.kind}`) === true,
  )
  refuse(problems)
  return [...(await missingNamespaces(federation, prepared, identity)), ...prepared]
}

/** The scope of a kind that the manifests define themselves. */
function definedScope(objects: readonly KubeObject[], { apiVersion, kind }: KubeObject): string | undefined {
  const definitions = objects.filter(object => object.kind === 'CustomResourceDefinition')
  const specs = definitions.map(({ spec }) => (spec ?? {}) as Definition)
  return specs.find(spec => spec.group === apiVersion.split('/')[0] && spec.names?.kind === kind)?.scope
}

type Definition = { group?: string; scope?: string; names?: { kind?: string } }

function prepare(
  inputs: ObjectInputs,
  objects: readonly KubeObject[],
  isNamespaced: (object: KubeObject) => boolean,
) {
  return prepareObjects(
    objects,
    {
      namespace: inputs.namespace,
      images: inputs.images ?? [],
      pullSecrets: inputs.imagePullSecrets ?? [],
      allowedKinds: inputs.allowedKinds,
    },
    isNamespaced,
  )
}

/** A namespace that is there and not ours stays as it is, since teardown deletes what bears our mark. */
async function missingNamespaces(
  federation: Kube,
  objects: readonly KubeObject[],
  identity: Identity,
): Promise<KubeObject[]> {
  const stated = objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)
  const used = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))
  const open = [...used].filter(name => name !== 'default' && !stated.includes(name))
  const made = await Promise.all(
    open.map(async (name): Promise<KubeObject[]> => {
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
      const found = await federation.get(refOf(object))
      return found === undefined || isOwn(found, identity) ? [object] : []
    }),
  )
  return made.flat()
}

function isOwn(namespace: KubeObject, identity: Identity): boolean {
  return claimObject(namespace, ownerOfKind(namespace, identity)).kind === 'ours'
}

function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return
  const shown = problems.slice(0, 20).map(problem => `- ${problem}`)
  const rest = problems.length > 20 ? [`- and ${problems.length - 20} more`] : []
  throw new UserError(['the manifests cannot be used:', ...shown, ...rest].join('\n'), {
    fix: 'Correct the manifests. Nothing has been changed.',
    input: 'manifests',
  })
}
