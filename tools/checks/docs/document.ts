import { marked, type Token, type Tokens } from 'marked';

/** What a Markdown file promises its reader: that links lead somewhere, that paths exist, that commands run. */
export interface Document {
  readonly links: readonly string[];
  readonly anchors: ReadonlySet<string>;
  readonly codeSpans: readonly string[];
  readonly shellBlocks: readonly ShellBlock[];
  /** Markers that say of no block, or give no reason, why it is not run. */
  readonly strayMarkers: readonly string[];
}

/** Commands that a reader is to paste. */
export interface ShellBlock {
  readonly text: string;
  /** Why the check does not run it: `<!-- not run: … -->` directly before the block. */
  readonly notRun?: string;
}

const shells = new Set(['sh', 'bash', 'shell', 'console']);

export function readDocument(markdown: string): Document {
  const tokens: Token[] = [];
  void marked.walkTokens(marked.lexer(markdown), (token) => void tokens.push(token));
  const ofType = <T extends Tokens.Generic>(type: T['type']) =>
    tokens.filter((token): token is T => token.type === type);
  return {
    links: [...ofType<Tokens.Link>('link'), ...ofType<Tokens.Image>('image')].map(({ href }) => href),
    anchors: new Set(ofType<Tokens.Heading>('heading').map(({ text }) => anchorOf(text))),
    codeSpans: ofType<Tokens.Codespan>('codespan').map(({ text }) => text),
    ...shellBlocksOf(tokens.filter(({ type }) => type !== 'space')),
  };
}

const marker = /^<!-- *not run\b:? *(?<reason>.*?) *-->\s*$/;

/** The reason that a marker gives; undefined for any other token. */
const reasonIn = (token?: Token): string | undefined =>
  token?.type === 'html' ? marker.exec(token.raw)?.groups?.['reason'] : undefined;

const isShell = (token?: Token): token is Tokens.Code =>
  token?.type === 'code' && shells.has((token as Tokens.Code).lang?.split(' ')[0] ?? '');

function shellBlocksOf(tokens: readonly Token[]): Pick<Document, 'shellBlocks' | 'strayMarkers'> {
  const shown = tokens.filter(({ type }) => type !== 'space');
  return {
    shellBlocks: shown.flatMap((token, index) => {
      const notRun = reasonIn(shown[index - 1]);
      return isShell(token) ? [{ text: token.text, ...(notRun && { notRun }) }] : [];
    }),
    strayMarkers: shown
      .filter((token, index) => reasonIn(token) === '' || (reasonIn(token) && !isShell(shown[index + 1])))
      .map(({ raw }) => raw.trim()),
  };
}

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
