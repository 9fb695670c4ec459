import type {
  Block,
  Choice,
  Completion,
  ReasoningBlock,
  RefusalBlock,
  Stop,
  StopReason,
  TextBlock,
  TokenCounts,
  ToolCallBlock,
} from '@parley/contracts';

interface WireAnnotation {
  readonly url_citation?: { readonly url: string; readonly title: string };
}

const stopReasons: Readonly<Record<StopReason, string>> = {
  end: 'end_turn',
  length: 'max_tokens',
  stop_sequence: 'stop_sequence',
  tool_calls: 'tool_use',
  refusal: 'refusal',
  content_filter: 'refusal',
  pause: 'pause_turn',
  context_window: 'model_context_window_exceeded',
};

/** Anthropic’s ids have a prefix of their own; what follows is the provider’s. */
export const toMessageId = (id: string): string => (id.startsWith('msg_') ? id : `msg_${id.replace(/^chatcmpl-/, '')}`);

/** Our five classes in Anthropic’s counts: its input leaves the cache out, its output includes thinking. */
export const toMessageUsage = ({ input, output, cache_read, cache_write, reasoning }: TokenCounts) => ({
  input_tokens: input,
  cache_creation_input_tokens: cache_write,
  cache_read_input_tokens: cache_read,
  cache_creation: null,
  output_tokens: output + reasoning,
  output_tokens_details: { thinking_tokens: reasoning },
  server_tool_use: null,
  service_tier: null,
  speed: null,
  inference_geo: null,
});

/** The fields of an answer’s end, in an answer and in `message_delta` alike. A refusal in words is one in Anthropic’s terms. */
export function toStopFields(stop: Stop, refused: boolean) {
  const stop_reason = refused && stop.reason === 'end' ? 'refusal' : stopReasons[stop.reason];
  const explanation = stop.explanation ?? null;
  return {
    stop_reason,
    stop_sequence: stop.sequence ?? null,
    stop_details: stop_reason === 'refusal' ? { type: 'refusal', category: null, explanation } : null,
  };
}

/** Arguments that a model left unfinished, as at a length limit, are given as the text they are. */
function toolInput(json: string): unknown {
  try {
    return json === '' ? {} : JSON.parse(json);
  } catch {
    return { invalid_json: json };
  }
}

const toolUse = ({ id, name, arguments: json, vendor }: ToolCallBlock): object => {
  const caller = { type: 'direct' };
  return { type: 'tool_use', id, name, input: toolInput(json), caller, ...vendor?.anthropic };
};

const thinking = ({ text: thought, signature = '', redacted }: ReasoningBlock): object =>
  redacted === undefined
    ? { type: 'thinking', thinking: thought, signature }
    : { type: 'redacted_thinking', data: redacted };

/** Annotations of OpenAI’s as citations: it tells neither what they cite nor anything to know them by again. */
export const toCitations = (annotations: unknown): object[] =>
  (Array.isArray(annotations) ? (annotations as readonly WireAnnotation[]) : []).flatMap(({ url_citation }) =>
    url_citation
      ? [
          {
            type: 'web_search_result_location',
            url: url_citation.url,
            title: url_citation.title,
            cited_text: '',
            encrypted_index: '',
          },
        ]
      : [],
  );

const text = (block: TextBlock | RefusalBlock): object => {
  const cited = toCitations(block.vendor?.openai?.['annotations']);
  return { type: 'text', text: block.text, citations: cited.length > 0 ? cited : null, ...block.vendor?.anthropic };
};

/** A block as Anthropic’s clients read it; undefined for what has no counterpart. */
export function toContentBlock(block: Block): object | undefined {
  switch (block.type) {
    case 'text':
    case 'refusal':
      return text(block);
    case 'reasoning':
      return thinking(block);
    case 'tool_call':
      return toolUse(block);
    case 'vendor':
      return block.vendor === 'anthropic' ? block.value : undefined;
    default:
      return undefined;
  }
}

const isRefusal = ({ content }: Choice): boolean => content.some(({ type }) => type === 'refusal');

/** The JSON text of a message; an answer that came in this dialect is passed on unchanged. */
export function toMessage({ native, id, model, choices: [choice], tokens }: Completion): string {
  if (native?.vendor === 'anthropic') return native.text;
  return JSON.stringify({
    id: toMessageId(id),
    type: 'message',
    role: 'assistant',
    model,
    content: choice.content.map(toContentBlock).filter((block) => block !== undefined),
    ...toStopFields(choice.stop, isRefusal(choice)),
    usage: toMessageUsage(tokens),
    container: null,
    diagnostics: null,
  });
}
