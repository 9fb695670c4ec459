/** A time span as OpenAI writes it: `120ms`, `1.2s`, `6m0s`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)}ms`;
  // Rounded first, so that 59.99 s is a minute rather than 60 s.
  const tenths = Math.ceil(ms / 100);
  const [minutes, seconds] = [Math.floor(tenths / 600), (tenths % 600) / 10];
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds}s`;
}
