import type { Binding, BindingStatus } from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'

/** A template as the federation has it, and how far it has come. */
export type TemplateStatus = { template: KubeObject; binding?: Binding | undefined; status: BindingStatus }
