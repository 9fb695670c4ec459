/** Real: dialects, and providers over HTTP to a server that records what it is asked; the official clients read the answers. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isAppError } from '@parley/contracts';
import type { ModelProvider } from '@parley/llm';
import fc from 'fast-check';
import type { Dialect } from '../../src/dialects/dialect.js';
import { anthropicAnswer, openaiAnswer } from './answer-arbitraries.js';
import { anthropicRequest, openaiRequest } from './arbitraries.js';
import { hi, type TargetName, type WireName } from './conformance/feature.ts';
import { streamedAnswer, wholeAnswer } from './conformance/provider-wire.ts';
import { surfaces } from './conformance/surfaces.ts';
import { targetsAt, type Target } from './conformance/targets.ts';
import { without } from './named.js';
import { recordingServer, type RecordingServer } from './recording-server.js';
import { marked, marksIn } from './words.js';

const { signal } = new AbortController();

let server: RecordingServer;
let targets: readonly Target[];

beforeAll(async () => {
  server = await recordingServer();
  targets = targetsAt(server.url);
});

afterAll(async () => {
  await Promise.all(targets.map(({ provider }) => provider.close()));
  await server.close();
});

jest.setTimeout(120_000);

function called<T extends { name: string }>(all: readonly T[], name: T['name']): T {
  const found = all.find((one) => one.name === name);
  if (!found) throw new Error(`there is no "${name}"`);
  return found;
}

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
    const { dialect } = called(surfaces, name);
    const { provider, wire } = called(targets, targetName);
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
    const { provider } = called(targets, targetName);
    const { dialect, base, streaming } = surface;
    await fc.assert(
      fc.asyncProperty(answers[wire], async (form) => {
        server.answer(JSON.stringify(wholeAnswer(wire, form)));
        const request = dialect.read(base, {});
        const whole = await surface.whole(dialect.answer(await provider.complete(request, { signal }), request));
        expect(marksIn(whole)).toEqual(marksIn(form));

        server.answer(streamedAnswer(wire, form), 'text/event-stream');
        const streamed = dialect.read({ ...base, ...streaming }, {});
        const encoder = dialect.encoder(streamed);
        let text = '';
        for await (const batch of provider.stream(streamed, { signal })) text += encoder.encode(batch);
        expect(marksIn(await surface.streamed(text + encoder.end()))).toEqual(marksIn(form));
      }),
      { numRuns: 100 },
    );
  });
});
