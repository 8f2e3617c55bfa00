/**
 * Remembers what `load` answers for each key, for at most `keepMs`, and asks once for callers who come
 * at the same time. A failure is not remembered.
 */
export function keepFor<Value>(
  keepMs: number,
  load: (key: string) => Promise<Value>,
): { get(key: string): Promise<Value>; forget(key: string): void } {
  const kept = new Map<string, { readonly value: Promise<Value>; readonly until: number }>();
  return {
    get(key) {
      const hit = kept.get(key);
      if (hit !== undefined && hit.until > performance.now()) return hit.value;
      const value = load(key);
      kept.set(key, { value, until: performance.now() + keepMs });
      value.catch(() => {
        if (kept.get(key)?.value === value) kept.delete(key);
      });
      return value;
    },
    forget(key) {
      kept.delete(key);
    },
  };
}
