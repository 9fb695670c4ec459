let lastMs = 0;
let lastText = '';

/** The time of a log line for pino. Under load many lines fall in one millisecond, so its text is made once. */
export function isoTime(): string {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastText = `,"time":"${new Date(now).toISOString()}"`;
  }
  return lastText;
}
