// ncc ships no types; this is the part that we use.
declare module '@vercel/ncc' {
  type Options = {
    cache: false
    minify: boolean
    target: string
    transpileOnly: boolean
    quiet: boolean
  }
  export default function ncc(
    entry: string,
    options: Options,
  ): Promise<{ code: string; assets: Record<string, { source: string | Buffer }> }>
}
