import type { Resource } from '@meridian/lab-world'

export type Route = { to: string; via: string }

/** The routes of a route table besides the local one. */
export function routesOf({ attributes }: Resource): Route[] {
  return (attributes.routes ?? []) as Route[]
}

/** The id of the association of a subnet with its route table. */
export const associationOf = ({ id }: Resource) => id.replace('subnet-', 'rtbassoc-')
