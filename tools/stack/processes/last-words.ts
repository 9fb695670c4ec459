/** Items of a list that are quoted. */
const maxItems = 5;
const maxLength = 500;

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
  const message = textOf(lines[head] ?? '').replace(/ \{$/, '');
  if (!message.endsWith(':')) return message.slice(0, maxLength);
  const items = lines.slice(head + 1, head + 1 + maxItems).map((line) => line.trim());
  return `${message} ${items.join('; ')}`.slice(0, maxLength);
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
