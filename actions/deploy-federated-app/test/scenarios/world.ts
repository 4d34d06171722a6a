import { imageIn, type LabFederation } from '../lab-federation.ts'

/** The members of the federation that all scenarios share; each scenario has names of its own in it. */
export const names = ['usa', 'eur', 'jpn'] as const

/** The federation, once it is there. */
export type Lab = () => LabFederation

export const imagesOf = (lab: Lab, name: string): (string | undefined)[] =>
  names.map(member => imageIn(lab().member(member), name))
