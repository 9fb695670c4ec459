import type { Block, TextBlock } from '@parley/contracts';

/** A source of what an answer says, over a part of its text in code points. `citation` is Anthropic’s own form of it. */
interface Annotation {
  readonly type: 'url_citation';
  /** The URL is empty where the source is a document without one: OpenAI’s clients know no other kind of annotation. */
  readonly url_citation: Range & { readonly title: string; readonly url: string };
  readonly citation?: object | undefined;
}

interface WireCitation {
  readonly url?: unknown;
  readonly source?: unknown;
  readonly title?: unknown;
  readonly document_title?: unknown;
}

interface Range {
  readonly start_index: number;
  readonly end_index: number;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The length of a text as OpenAI counts it, in code points. */
export const lengthOf = (words: string): number => words.length - (words.match(/[\ud800-\udbff]/g)?.length ?? 0);

/** One of Anthropic’s citations as an annotation. */
export function toAnnotation(citation: object, range: Range): Annotation {
  const { url, source, title, document_title }: WireCitation = citation;
  const address = text(url) ?? (URL.canParse(text(source) ?? '') ? text(source) : undefined);
  const named = { title: text(title) ?? text(document_title) ?? '', url: address ?? '' };
  return { type: 'url_citation', url_citation: { ...range, ...named }, citation };
}

function citationsOf({ vendor }: TextBlock): readonly object[] {
  const citations = vendor?.anthropic?.['citations'];
  return Array.isArray(citations) ? (citations as object[]) : [];
}

/** Anthropic’s citations in the texts of an answer, as annotations over all of its text. */
export function annotationsOver(content: readonly Block[]): Annotation[] {
  const texts = content.filter((block) => block.type === 'text');
  if (texts.every((block) => citationsOf(block).length === 0)) return [];
  let end = 0;
  return texts.flatMap((block) => {
    const range = { start_index: end, end_index: (end += lengthOf(block.text)) };
    return citationsOf(block).map((citation) => toAnnotation(citation, range));
  });
}

const annotationsOf = ({ vendor }: TextBlock): readonly Annotation[] =>
  (vendor?.openai?.['annotations'] as readonly Annotation[] | undefined) ?? [];

/** The annotations of a text that OpenAI can make something of, and whether there is more in them. */
export function openaiAnnotations(block: TextBlock): { readonly known: readonly object[]; readonly lost: boolean } {
  const annotations = annotationsOf(block);
  const known = annotations.filter(({ url_citation }) => url_citation.url !== '');
  return {
    known: known.map(({ type, url_citation }) => ({ type, url_citation })),
    lost: annotations.some(({ url_citation, citation }) => url_citation.url === '' || citation),
  };
}

interface Cited extends Range {
  readonly citation: object;
}

const toCited = ({ citation, url_citation: { start_index, end_index } }: Annotation): Cited | undefined =>
  citation && { start_index, end_index, citation };

/** The text in pieces, each with the citations over it; undefined where ranges overlap or leave the text. */
function pieces(words: readonly string[], cited: readonly Cited[]): TextBlock[] | undefined {
  const blocks: TextBlock[] = [];
  let at = 0;
  const plain = (end: number) => {
    if (end > at) blocks.push({ type: 'text', text: words.slice(at, end).join('') });
  };
  const ranges = Map.groupBy(cited, ({ start_index, end_index }) => `${start_index}-${end_index}`);
  for (const group of ranges.values()) {
    const [{ start_index: start, end_index: end } = { start_index: 0, end_index: 0 }] = group;
    if (start < at || end <= start || end > words.length) return undefined;
    plain(start);
    const citations = group.map(({ citation }) => citation);
    blocks.push({ type: 'text', text: words.slice(start, end).join(''), vendor: { anthropic: { citations } } });
    at = end;
  }
  plain(words.length);
  return blocks;
}

/** An annotated text as Anthropic had written it: in pieces with their citations. `lost` where some were not Anthropic’s. */
export function citedTexts(block: TextBlock): { readonly texts: readonly TextBlock[]; readonly lost: boolean } {
  const annotations = annotationsOf(block);
  const { vendor, ...plain } = block;
  const bare: TextBlock = vendor?.anthropic ? { ...plain, vendor: { anthropic: vendor.anthropic } } : plain;
  const cited = annotations.flatMap((annotation) => toCited(annotation) ?? []);
  const texts = cited.length > 0 ? pieces(Array.from(block.text), cited) : undefined;
  const last = texts?.pop();
  if (!texts || !last) return { texts: [bare], lost: true };
  const whole = block.cache ? { ...last, cache: block.cache } : last;
  return { texts: [...texts, whole], lost: cited.length < annotations.length };
}
