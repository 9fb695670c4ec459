/** Lines below the last message that belong to it, as a configuration's faults do. */
const maxDetails = 5;

/**
 * The last message in a program's output, as a person would quote it: of a JSON line its text, of a stack its first
 * line, of a list its head and items.
 */
export function lastWords(output: string): string {
  const lines = output
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at |^Node\.js v|^\s*[\]}]\)?[;,]?$/.test(line));
  const head = lines.findLastIndex((line) => !/^\s/.test(line));
  if (head === -1) return lines.at(-1)?.trim() ?? '';
  const details = lines.slice(head + 1, head + 1 + maxDetails).map((line) => line.trim());
  return [textOf(lines[head] ?? ''), ...details].join('; ').replaceAll(':;', ':').slice(0, 500);
}

function textOf(line: string): string {
  try {
    const { msg = '', err } = JSON.parse(line) as {
      readonly msg?: string;
      readonly err?: { readonly message?: string };
    };
    return [msg, err?.message].filter(Boolean).join(': ');
  } catch {
    return line.trim();
  }
}
