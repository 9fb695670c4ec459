/** Real: dialects, and providers over HTTP to a server that records what it is asked; the official clients read the answers. */
import { describe, expect, it, jest } from '@jest/globals';
import { isAppError } from '@parley/contracts';
import type { ModelProvider } from '@parley/llm';
import fc from 'fast-check';
import type { Dialect } from '../../src/dialects/dialect.js';
import { anthropicAnswer, openaiAnswer } from './answer-arbitraries.js';
import { anthropicRequest, openaiRequest } from './arbitraries.js';
import { hi, type TargetName, type WireName } from './conformance/feature.ts';
import { wholeAnswer } from './conformance/provider-wire.ts';
import { streamedReading, wholeReading } from './conformance/readings.ts';
import { surfaceOf, surfaces } from './conformance/surfaces.ts';
import { without } from './named.js';
import { recordedTargets } from './recorded-targets.js';
import { marked, marksIn } from './words.js';

const { signal } = new AbortController();

const recorded = recordedTargets();

jest.setTimeout(120_000);

/** The field that a refusal names; any other error is a failure of the test. */
function refusedField(error: unknown): string {
  if (!isAppError(error) || error.code !== 'model.unsupported_parameter') throw error;
  return error.text.fields?.[0]?.path ?? '';
}

interface Asked {
  /** What was left of the body once all that was refused had been taken from it. */
  readonly body: unknown;
  readonly dropped: readonly string[];
}

/** Asks as a caller does who takes from its request whatever a refusal names, until none is left. */
async function ask(body: unknown, dialect: Dialect, provider: ModelProvider): Promise<Asked> {
  try {
    const request = dialect.read(body, {});
    const { dropped } = await provider.complete(request, { signal });
    return { body, dropped: [...(request.dropped ?? []), ...dropped] };
  } catch (error) {
    const field = refusedField(error);
    const rest = without(body, field);
    expect([field, rest]).not.toEqual([field, body]);
    return ask(rest, dialect, provider);
  }
}

/** With a turn that nobody refuses, so that one is always left. */
const lasting = (body: object) => ({ ...body, messages: [...(body as { messages: object[] }).messages, hi] });
const requests = { chat: openaiRequest(marked).map(lasting), messages: anthropicRequest(marked).map(lasting) };

describe.each<[WireName, TargetName]>([
  ['chat', 'anthropic'],
  ['chat', 'openai'],
  ['chat', 'other'],
  ['messages', 'anthropic'],
  ['messages', 'openai'],
  ['messages', 'other'],
])('of a request in the dialect of %s, asked of %s,', (name, targetName) => {
  it('whatever is neither refused nor named as dropped arrives, and nothing else', async () => {
    const { server } = recorded;
    const { dialect } = surfaceOf(name);
    const { provider, wire } = recorded.target(targetName);
    server.answer(JSON.stringify(wholeAnswer(wire, {})));
    await fc.assert(
      fc.asyncProperty(requests[name], async (whole) => {
        const { body, dropped } = await ask(whole, dialect, provider);
        const arrived = marksIn(server.last().body);
        const owed = marksIn(dropped.reduce(without, body));
        expect({ dropped, lost: owed.filter((mark) => !arrived.includes(mark)) }).toEqual({ dropped, lost: [] });
        expect(marksIn(body)).toEqual(expect.arrayContaining(arrived));
      }),
      { numRuns: 200 },
    );
  });
});

const answers = { chat: openaiAnswer(), messages: anthropicAnswer() };

describe.each<[WireName, TargetName]>([
  ['chat', 'other'],
  ['messages', 'anthropic'],
])('of an answer in the wire format of %s', (wire, targetName) => {
  it.each(surfaces)('whatever it says is read in the dialect of $title, whole and streamed', async (surface) => {
    const { server } = recorded;
    const target = recorded.target(targetName);
    await fc.assert(
      fc.asyncProperty(answers[wire], async (form) => {
        expect(marksIn(await wholeReading(form, surface, target, server))).toEqual(marksIn(form));
        expect(marksIn(await streamedReading(form, surface, target, server))).toEqual(marksIn(form));
      }),
      { numRuns: 100 },
    );
  });
});
