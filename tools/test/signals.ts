/** What the stack started is told to end as its process exits; a bare signal would end the process without an exit. */
export function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}
