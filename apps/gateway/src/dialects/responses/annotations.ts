import type { StreamDelta, TextBlock } from '@parley/contracts';
import { lengthOf, toAnnotation } from '@parley/dialects';
import type { ResponseOutputText } from 'openai/resources/responses/responses';
import type { AnnotationParam } from './content.schema.js';

/** A source of a text. `citation` is Anthropic’s own form of it, which it made and reads. */
export type Annotation = ResponseOutputText['annotations'][number] & { readonly citation?: object };

interface ChatAnnotation {
  readonly type: string;
  readonly url_citation?: object | undefined;
  readonly citation?: object | undefined;
}

const listOf = (value: unknown): readonly object[] => (Array.isArray(value) ? (value as object[]) : []);

/** Chat completions nest what this dialect has flat. */
const flat = ({ type, url_citation, citation }: ChatAnnotation): Annotation =>
  ({ type, ...url_citation, ...(citation && { citation }) }) as Annotation;

/** What providers have told of the sources of one text: OpenAI’s servers annotations, Anthropic citations. */
export class Sources {
  private readonly annotations: ChatAnnotation[] = [];
  private readonly citations: object[] = [];

  add({ vendor }: TextBlock): void {
    this.annotations.push(...(listOf(vendor?.openai?.['annotations']) as ChatAnnotation[]));
    this.citations.push(...listOf(vendor?.anthropic?.['citations']));
  }

  read({ value }: Extract<StreamDelta, { type: 'vendor' }>): void {
    this.annotations.push(...(listOf(value['annotations']) as ChatAnnotation[]));
    this.citations.push(...listOf([value['citation']].filter(Boolean)));
  }

  /** A citation is of the whole of its text. */
  over(text: string): Annotation[] {
    const range = { start_index: 0, end_index: lengthOf(text) };
    return [...this.annotations, ...this.citations.map((citation) => toAnnotation(citation, range))].map(flat);
  }
}

/** Annotations that come back, as chat completions nest them; `lost` where some have no counterpart there. */
export function fromAnnotations(annotations: readonly AnnotationParam[]): {
  readonly known: readonly ChatAnnotation[];
  readonly lost: boolean;
} {
  const known = annotations.flatMap((annotation) => {
    if (annotation.type !== 'url_citation') return [];
    const { type, citation, ...url_citation } = annotation;
    return [{ type, url_citation, ...(citation && { citation }) }];
  });
  return { known, lost: known.length < annotations.length };
}
