import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls `attempt` until it no longer throws, and answers what it returned: `await eventually(() => expect(rows()).toBe(3))`.
 * Defaults: every 25 ms for at most 10,000 ms; then rejects with the last failure.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 25 }: { readonly timeoutMs?: number; readonly intervalMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await sleep(intervalMs);
  }
}
