/** One simple command of a shell text: `FOO=1 npm run x -- y | tee z` holds `npm run x -- y` and `tee z`. */
export type Words = readonly string[];

/** Blanks and comments; what ends a command; words: quoted pieces, `$( … )`, redirections and plain characters. */
const token =
  /(?<blank>[ \t]+|#[^\n]*)|(?<end>&&|\|\||[;&|\n])|(?<word>(?:"(?:[^"\\]|\\.)*"|'[^']*'|\$\([^)]*\)|[<>]+&?\d?|[^\s;&|"'<>])+)/gs;

/** Splits a shell text into its commands, enough for documents: quotes, continued lines, comments, pipes and lists. */
export function commandsOf(text: string): Words[] {
  const commands: string[][] = [[]];
  for (const { groups } of text.replaceAll('\\\n', ' ').replaceAll(/^\$ /gm, '').matchAll(token)) {
    if (groups?.['end'] !== undefined) commands.push([]);
    if (groups?.['word'] !== undefined) commands.at(-1)?.push(groups['word'].replaceAll(/^["']|["']$/g, ''));
  }
  return commands.map(withoutAssignments).filter((words) => words.length > 0);
}

function withoutAssignments(words: string[]): string[] {
  const first = words.findIndex((word) => !/^\w+=/.test(word));
  return first === -1 ? [] : words.slice(first);
}
