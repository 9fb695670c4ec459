import type { ReasoningBlock } from '@parley/contracts';

/** An entry of `reasoning_details`, in which OpenRouter, and we, give thoughts with what proves them. */
export interface ReasoningDetail {
  readonly type: string;
  readonly text?: unknown;
  readonly summary?: unknown;
  readonly signature?: unknown;
  readonly data?: unknown;
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Undefined for a kind that is newer than this. */
export function fromReasoningDetail({
  type,
  text,
  summary,
  signature,
  data,
}: ReasoningDetail): ReasoningBlock | undefined {
  switch (type) {
    case 'reasoning.text': {
      const signed = asText(signature);
      return { type: 'reasoning', text: asText(text), ...(signed !== '' && { signature: signed }) };
    }
    case 'reasoning.summary':
      return { type: 'reasoning', text: asText(summary) };
    case 'reasoning.encrypted':
      return { type: 'reasoning', text: '', redacted: asText(data) };
    default:
      return undefined;
  }
}
