export type ListMeta = { resourceVersion: string; continue?: string; remainingItemCount?: number }
