import type { MessageBody } from '../messages/message.js';

/** Of a message’s text, in UTF-16 code units: some six thousand words. What is behind is not searched. */
export const maxSearchedText = 32_768;

/** What a message says in words, as PostgreSQL can keep it; empty where it says nothing. */
export function searchableText({ content }: MessageBody): string {
  const texts: string[] = [];
  let left = maxSearchedText;
  for (const block of content) {
    if (left <= 0) break;
    if (block.type !== 'text' && block.type !== 'refusal') continue;
    texts.push(block.text.slice(0, left));
    left -= block.text.length + 1;
  }
  return storable(texts.join('\n'));
}

/** How often a message asks for each tool, by a name that PostgreSQL can keep. */
export function toolUses({ content }: MessageBody): { readonly name: string; readonly calls: number }[] {
  const names = content.flatMap((block) => (block.type === 'tool_call' ? [storable(block.name.slice(0, 256))] : []));
  return [...Map.groupBy(names, (name) => name)].map(([name, { length }]) => ({ name, calls: length }));
}

const storable = (text: string): string => text.replaceAll('\0', ' ').toWellFormed();
