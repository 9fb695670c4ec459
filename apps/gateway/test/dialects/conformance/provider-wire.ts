import type { Form, WireName } from './feature.ts';

interface Choice {
  readonly index: number;
  readonly finish_reason: string;
  readonly logprobs: unknown;
  readonly message: Form & { readonly tool_calls?: readonly Call[] };
}

interface Call {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

type Block = Form & { readonly type: string };

const bases: Readonly<Record<WireName, Form>> = {
  chat: {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'm',
    choices: [{ index: 0, finish_reason: 'stop', logprobs: null, message: { role: 'assistant', content: 'Hello' } }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  },
  messages: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: 'Hello', citations: null }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    stop_details: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  },
};

/** A provider's whole answer, with what the form says. */
export const wholeAnswer = (wire: WireName, form: Form): Form => ({ ...bases[wire], ...form });

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

/** Fields of a message that are streamed as they are, each in a chunk of its own. */
const streamedFields = ['reasoning_content', 'reasoning_details', 'content', 'annotations', 'refusal'];

function* chatDeltas({ message }: Choice): Generator<Form> {
  yield { role: 'assistant', content: '' };
  for (const field of streamedFields) if (message[field]) yield { [field]: message[field] };
  for (const [index, { id, function: called }] of (message.tool_calls ?? []).entries()) {
    yield { tool_calls: [{ index, id, type: 'function', function: { name: called.name, arguments: '' } }] };
    yield { tool_calls: [{ index, function: { arguments: called.arguments } }] };
  }
}

function* chatChunks({ choices, usage, ...head }: Form): Generator<string> {
  const chunk = (choice: Form) =>
    data({ ...head, object: 'chat.completion.chunk', choices: [{ finish_reason: null, logprobs: null, ...choice }] });
  for (const choice of choices as readonly Choice[]) {
    const { index, message: _message, finish_reason, logprobs, ...told } = choice;
    for (const delta of chatDeltas(choice)) yield chunk({ index, delta });
    yield chunk({ index, delta: {}, finish_reason, logprobs, ...told });
  }
  yield data({ ...head, object: 'chat.completion.chunk', choices: [], usage });
  yield 'data: [DONE]\n\n';
}

/** What a block is before its deltas, and the deltas. */
function parts(block: Block): [opened: Form, ...deltas: Form[]] {
  switch (block.type) {
    case 'text': {
      const citations = (block['citations'] ?? []) as readonly Form[];
      const delta = { type: 'text_delta', text: block['text'] };
      const cited = citations.map((citation) => ({ type: 'citations_delta', citation }));
      return [{ ...block, text: '', citations: citations.length > 0 ? [] : null }, delta, ...cited];
    }
    case 'thinking': {
      const { thinking, signature } = block;
      const signed = signature === '' ? [] : [{ type: 'signature_delta', signature }];
      return [{ ...block, thinking: '', signature: '' }, { type: 'thinking_delta', thinking }, ...signed];
    }
    case 'tool_use': {
      const text = JSON.stringify(block['input']);
      const json = (partial_json: string) => ({ type: 'input_json_delta', partial_json });
      return [
        { ...block, input: {} },
        json(''),
        ...(text === '{}' ? [] : [json(text.slice(0, 3)), json(text.slice(3))]),
      ];
    }
    default:
      return [block];
  }
}

function* messageEvents(whole: Form): Generator<string> {
  const event = (type: string, fields: Form) => `event: ${type}\n${data({ type, ...fields })}`;
  const { content, stop_reason, stop_sequence, stop_details, ...head } = whole;
  const start = { ...head, content: [], stop_reason: null, stop_sequence: null, stop_details: null };
  yield event('message_start', { message: start });
  for (const [index, block] of (content as readonly Block[]).entries()) {
    const [content_block, ...deltas] = parts(block);
    yield event('content_block_start', { index, content_block });
    for (const delta of deltas) yield event('content_block_delta', { index, delta });
    yield event('content_block_stop', { index });
  }
  yield event('message_delta', { delta: { stop_reason, stop_sequence, stop_details }, usage: whole['usage'] });
  yield event('message_stop', {});
}

/** The same answer as its provider streams it. */
export const streamedAnswer = (wire: WireName, form: Form): string =>
  [...(wire === 'chat' ? chatChunks : messageEvents)(wholeAnswer(wire, form))].join('');
