import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { UsageError } from './names.ts';

/** A change to a file that is there already. */
export interface Edit {
  readonly file: string;
  /** Throws where the file is not as it was when the generator was written. */
  readonly change: (text: string) => string;
}

/** What a generator would do. Paths are relative to the root of the checkout. */
export interface Plan {
  readonly files: Readonly<Record<string, string>>;
  readonly edits: readonly Edit[];
  /** What is left to a person, a sentence each. */
  readonly next: readonly string[];
}

/** The templates of a folder, `__name__` replaced in paths and texts. */
export function render(folder: string, values: Readonly<Record<string, string>>): Record<string, string> {
  const fill = (text: string): string =>
    text.replaceAll(/__(\w+?)__/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`a template in ${folder} asks for ${name}`);
      return value;
    });
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.map((path) => [fill(relative(folder, path)).replace(/\.template$/, ''), fill(readFileSync(path, 'utf8'))]),
  );
}

/**
 * Writes everything, or nothing where something stands in the way.
 * @throws UsageError when a file is there already.
 */
export async function carryOut(root: string, { files, edits }: Plan): Promise<string[]> {
  const taken = Object.keys(files).filter((path) => existsSync(join(root, path)));
  if (taken.length > 0) throw new UsageError(`There is already ${taken.join(', ')}; nothing was written`);
  const edited = new Map<string, string>();
  for (const { file, change } of edits) {
    edited.set(file, change(edited.get(file) ?? readFileSync(join(root, file), 'utf8')));
  }
  const all = [...Object.entries(files), ...edited];
  const written = await Promise.all(
    all.map(async ([path, text]) => [path, await formatted(root, path, text)] as const),
  );
  for (const [path, text] of written) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return written.map(([path]) => path);
}

/** Adds a text before the only occurrence of another. */
export const before =
  (anchor: string, added: string) =>
  (text: string): string => {
    const at = text.indexOf(anchor);
    if (at < 0 || text.includes(anchor, at + 1))
      throw new Error(`Expected once, to insert before it: ${anchor.trim()}`);
    return text.slice(0, at) + added + text.slice(at);
  };

/** Names are of any length, so lines break where prettier would break them. */
async function formatted(root: string, path: string, text: string): Promise<string> {
  if (!/\.(ts|json|md)$/.test(path)) return text;
  return format(text, { ...(await resolveConfig(join(root, 'package.json'))), filepath: path });
}
