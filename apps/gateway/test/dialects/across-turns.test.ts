/** Real: dialects, and providers over HTTP to a server that answers what it is told; the official clients read the answers. */
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { hi, type Form, type WireName } from './conformance/feature.ts';
import { wholeAnswer } from './conformance/provider-wire.ts';
import { streamedReading, wholeReading } from './conformance/readings.ts';
import { surfaceOf, type Surface } from './conformance/surfaces.ts';
import type { Target } from './conformance/targets.ts';
import { recordedTargets } from './recorded-targets.js';
import { sameMeaning } from './same-meaning.js';

const { signal } = new AbortController();

const recorded = recordedTargets();

jest.setTimeout(120_000);

type Answer = { readonly content: readonly Form[] };

/** The message of an answer, as its client gives it back. */
const givenBack: Readonly<Record<WireName, (answer: unknown) => Form>> = {
  chat: (answer) => (answer as { choices: [{ message: Form }] }).choices[0].message,
  messages: (answer) => ({ role: 'assistant', content: (answer as Answer).content }),
};

/** What the provider is told of its own answer when the client goes on. */
async function toldAgain(said: Form, streaming: boolean, surface: Surface, target: Target): Promise<unknown> {
  const { server } = recorded;
  const read = streaming ? streamedReading : wholeReading;
  const message = givenBack[surface.name as WireName](await read(said, surface, target, server));
  server.answer(JSON.stringify(wholeAnswer(target.wire, {})));
  const body: unknown = JSON.parse(JSON.stringify({ ...surface.base, messages: [hi, message, hi] }));
  const { dropped } = await target.provider.complete(surface.dialect.read(body, {}), { signal });
  expect(dropped).toEqual([]);
  return (server.last().body as { messages: [unknown, Form] }).messages[1];
}

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const id = fc.stringMatching(/^[a-z]{1,8}$/);
const sealed = fc.base64String({ minLength: 4, maxLength: 12 });
const input = fc.dictionary(id, fc.oneof(words, fc.integer(), fc.constant(null), fc.array(fc.boolean())), {
  maxKeys: 3,
});
const calls = fc.uniqueArray(fc.record({ id, name: id, input }), { maxLength: 3, selector: (call) => call.id });

/** Answers of Anthropic's, in the order that chat completions have: thoughts, text, calls. */
const citation = fc.oneof(
  fc.record({ url: fc.webUrl(), title: words, encrypted_index: sealed, cited_text: words }).map((fields) => ({
    type: 'web_search_result_location',
    ...fields,
  })),
  fc.record({ document_index: fc.nat(9), document_title: words, cited_text: words }).map((fields) => ({
    type: 'page_location',
    start_page_number: 1,
    end_page_number: 2,
    file_id: null,
    ...fields,
  })),
);
const anthropicAnswer = fc
  .record({
    thoughts: fc.array(
      fc.oneof(
        fc.record({ thinking: words, signature: sealed }).map((fields) => ({ type: 'thinking', ...fields })),
        sealed.map((data) => ({ type: 'redacted_thinking', data })),
      ),
      { maxLength: 3 },
    ),
    texts: fc.array(
      fc.record({ text: words, citations: fc.option(fc.array(citation, { minLength: 1, maxLength: 2 })) }),
      { maxLength: 4 },
    ),
    calls,
  })
  .filter((parts) => parts.texts.length + parts.calls.length > 0)
  .map((parts): Form => ({
    content: [
      ...parts.thoughts,
      ...parts.texts.map((text) => ({ type: 'text', ...text })),
      ...parts.calls.map((call) => ({ type: 'tool_use', caller: { type: 'direct' }, ...call })),
    ],
  }));

/** Answers of a server of OpenAI's dialect that shows its thoughts. */
const chatAnswer = fc
  .record({ content: fc.option(words), reasoning_content: fc.option(words), calls })
  .filter(({ content, calls: asked }) => content !== null || asked.length > 0)
  .map(({ calls: asked, ...message }): Form => ({
    choices: [
      {
        index: 0,
        logprobs: null,
        finish_reason: asked.length > 0 ? 'tool_calls' : 'stop',
        message: {
          role: 'assistant',
          ...message,
          ...(asked.length > 0 && {
            tool_calls: asked.map((call) => ({
              id: call.id,
              type: 'function',
              function: { name: call.name, arguments: JSON.stringify(call.input) },
            })),
          }),
        },
      },
    ],
  }));

const isPlain = (block: Form): boolean => block['type'] === 'text' && !(block['citations'] as unknown[] | null)?.length;

/** Texts without sources may be one or several: they say the same. */
function joined(content: unknown): unknown {
  const blocks = sameMeaning({ content }) as Answer;
  return blocks.content.reduce<Form[]>((before, block) => {
    const last = before.at(-1);
    if (!last || !isPlain(last) || !isPlain(block)) return [...before, block];
    return [...before.slice(0, -1), { ...last, text: `${String(last['text'])}${String(block['text'])}` }];
  }, []);
}

/** A stream begins with an empty text, which says nothing. */
const emptied = (message: unknown): Form => {
  const { content, ...rest } = message as Form;
  return content === '' ? rest : { content, ...rest };
};

/** Who called says nothing in a chat. */
const uncalled = (block: Form): Form => (block['type'] === 'tool_use' ? { ...block, caller: undefined } : block);
const contentOf = (message: unknown): unknown =>
  JSON.parse(JSON.stringify((joined((message as Answer).content) as Form[]).map(uncalled)));

describe.each<[WireName, boolean]>([
  ['chat', false],
  ['chat', true],
  ['messages', false],
  ['messages', true],
])('an answer that was read in the dialect of %s (streamed: %s) and given back', (name, streaming) => {
  it('is to Anthropic what it had said: thoughts with their signatures, texts with their sources, calls', () =>
    fc.assert(
      fc.asyncProperty(anthropicAnswer, async (said) => {
        const again = await toldAgain(said, streaming, surfaceOf(name), recorded.target('anthropic'));
        expect(contentOf(again)).toEqual(contentOf(said));
      }),
      { numRuns: 100 },
    ));

  it('is to a server of OpenAI’s dialect what it had said: thoughts, text, calls', () =>
    fc.assert(
      fc.asyncProperty(chatAnswer, async (said) => {
        const again = await toldAgain(said, streaming, surfaceOf(name), recorded.target('other'));
        expect(sameMeaning(emptied(again))).toEqual(sameMeaning(givenBack.chat(said)));
      }),
      { numRuns: 100 },
    ));
});
