/** One attempt of a group to have as many instances as it should. */
export type ScalingActivity = {
  account: string
  group: string
  at: number
  status: 'Successful' | 'Failed'
  description: string
  /** EC2's words, when an instance could not be launched. */
  message?: string
}
