/** A bucket, or a folder in it, seen as files whose paths are relative to it. */
export type StateStore = {
  /** `s3://bucket`, or `s3://bucket/folder` */
  base: string
  /** Undefined if there is no such file; throws if there is no such bucket. */
  read(path: string): Promise<string | undefined>
  write(path: string, content: string): Promise<void>
  list(prefix: string): Promise<string[]>
  /** Plain deletion: in a versioned bucket the versions stay. */
  remove(paths: readonly string[]): Promise<void>
}
