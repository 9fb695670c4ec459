import { marked, type Token, type Tokens } from 'marked';

/** What a Markdown file promises its reader: that links lead somewhere, that paths exist, that commands run. */
export interface Document {
  readonly links: readonly string[];
  readonly anchors: ReadonlySet<string>;
  readonly codeSpans: readonly string[];
  readonly shellBlocks: readonly string[];
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
    shellBlocks: ofType<Tokens.Code>('code')
      .filter(({ lang }) => shells.has(lang?.split(' ')[0] ?? ''))
      .map(({ text }) => text),
  };
}

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
