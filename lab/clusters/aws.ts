import type { Aws as WholeAws } from '@meridian/lab-aws'

export type Aws = Pick<WholeAws, 'elb' | 'route53'>
