/** Code and message of a refusal; throws when there is none. */
export async function refusalOf(
  promise: Promise<unknown>,
): Promise<{ name: string; message: string; status?: number }> {
  try {
    await promise
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const metadata = Reflect.get(error, '$metadata') as { httpStatusCode?: number } | undefined
    return { name: error.name, message: error.message, ...(metadata && { status: metadata.httpStatusCode }) }
  }
  throw new Error('AWS accepted what it had to refuse')
}
