import { describe, expect, it } from '@jest/globals';
import type { Block, LiveFormat, StreamEvent } from '@parley/contracts';
import { AnswerDraft } from '@parley/dialects';
import fc from 'fast-check';
import type { AnswerView, Ending } from './answer-view.js';
import { blocks, ending, eventsOf, model, stored, turn } from './answers.fixture.js';
import { formats } from './formats.js';
import { LiveAnswer } from './live-answer.js';
import { readBookmark } from './place.js';
import { Reading } from './reading.js';

const all: LiveFormat[] = ['parley', 'openai', 'anthropic'];

/** A reader of one connection after another, who keeps what came before it lost them. */
class Reader {
  readonly frames: string[] = [];
  private reading: Reading;

  constructor(private readonly format: LiveFormat) {
    this.reading = this.connect();
  }

  get ended(): boolean {
    return this.reading.ended;
  }

  read(answer: AnswerView): void {
    for (let text = this.reading.next(answer); text !== ''; text = this.reading.next(answer))
      this.frames.push(...text.split(/(?<=\n\n)/));
  }

  /** The connection is lost, and with it the last frames; the next one goes on behind those that arrived. */
  resume(lost: number): void {
    this.frames.length -= Math.min(lost, this.frames.length);
    this.reading = this.connect();
  }

  private connect(): Reading {
    const id = /^id: (.+)$/m.exec(this.frames.at(-1) ?? '')?.[1];
    return new Reading(
      turn,
      formats[this.format].encoder(turn.sessionId),
      'request',
      id ? readBookmark(id) : undefined,
    );
  }
}

interface Frame {
  readonly event: string | undefined;
  readonly data: unknown;
}

const frame = (text: string): Frame => {
  const [, data = ''] = /^data: (.*)$/m.exec(text) ?? [];
  return { event: /^event: (.+)$/m.exec(text)?.[1], data: data === '[DONE]' ? data : JSON.parse(data) };
};

/** The frames, those joined that only say more of the same. */
function meaning(frames: readonly string[]): unknown[] {
  const merged: { key: string; text: string; frame: Frame }[] = [];
  for (const one of frames.map(frame)) {
    const { key, text } = withoutText(one);
    const before = merged.at(-1);
    if (text !== '' && before?.key === key) before.text += text;
    else merged.push({ key, text, frame: one });
  }
  return merged.map(({ key, text }) => [key, text]);
}

const growing = ['content', 'text', 'thinking', 'partial_json', 'reasoning_content', 'refusal', 'arguments'];

/** What a frame says, apart from a text that may be cut anywhere; what only begins has none. */
function withoutText({ event, data }: Frame): { key: string; text: string } {
  let text = '';
  const begins = event === 'content_block_start' || event === 'message_start';
  const key = JSON.stringify([event, data], (name, value: unknown) => {
    if (begins || typeof value !== 'string' || !growing.includes(name)) return value;
    text += value;
    return '';
  });
  return { key, text };
}

/** All that one reads who is never interrupted, and reads when all is over. */
function whole(format: LiveFormat, answer: AnswerView): string[] {
  const reader = new Reader(format);
  reader.read(answer);
  return reader.frames;
}

/** What happens to a reader, and to the instance that it reads from. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.nat(3).map((count) => ({ type: 'entries' as const, count })) },
  { weight: 2, arbitrary: fc.constant({ type: 'lost entry' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'checkpoint' as const }) },
  { weight: 4, arbitrary: fc.constant({ type: 'read' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('resume' as const), lost: fc.nat(6), elsewhere: fc.boolean() }),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** A turn that is fed, heard by two instances with luck of their own, and read from either. */
class Scene {
  readonly instances = [new LiveAnswer(), new LiveAnswer()] as const;
  private at = 0;
  private sent = 0;
  private readonly draft = new AnswerDraft();

  constructor(
    private readonly entries: readonly (readonly StreamEvent[])[],
    readonly reader: Reader,
  ) {}

  happen(what: Happening): void {
    switch (what.type) {
      case 'entries':
        for (let n = 0; n < what.count; n++) this.send(true);
        return;
      case 'lost entry':
        this.send(false);
        return;
      case 'checkpoint':
        for (const answer of this.instances)
          answer.keep({ model: this.draft.model ?? null, blocks: this.draft.content });
        return;
      case 'read':
        this.reader.read(this.answer);
        return;
      case 'resume':
        if (what.elsewhere) this.at = 1 - this.at;
        this.reader.resume(what.lost);
    }
  }

  get answer(): LiveAnswer {
    return this.at === 0 ? this.instances[0] : this.instances[1];
  }

  /** The other instance hears each entry, late and twice. */
  private send(heard: boolean): void {
    const events = this.entries[this.sent];
    if (!events) return;
    this.sent += 1;
    this.draft.add(events);
    const entry = { n: this.sent, events };
    if (heard) this.instances[0].hear(entry);
    const before = this.entries[this.sent - 2];
    this.instances[1].hear(entry);
    if (before) this.instances[1].hear({ n: this.sent - 1, events: before });
  }
}

const cut = (events: readonly StreamEvent[], sizes: readonly number[]): StreamEvent[][] => {
  const entries: StreamEvent[][] = [];
  let at = 0;
  for (let index = 0; at < events.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    entries.push(events.slice(at, at + size));
    at += size;
  }
  return entries;
};

const story = fc.record({
  format: fc.constantFrom(...all),
  content: blocks,
  end: ending,
  cuts: fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }),
  sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
  happenings: fc.array(happening, { maxLength: 40 }),
});

function play({
  format,
  content,
  end,
  cuts,
  sizes,
  happenings,
}: typeof story extends fc.Arbitrary<infer T> ? T : never) {
  const scene = new Scene(cut(eventsOf(content, cuts), sizes), new Reader(format));
  for (const what of happenings) scene.happen(what);
  for (const answer of scene.instances) answer.end({ model, blocks: content }, end);
  scene.reader.read(scene.answer);
  return scene.reader;
}

const runs = { numRuns: 2_000 };

describe('whatever becomes of entries, instances and connections', () => {
  it('a reader is told, over all its connections, what one is told who was never interrupted', () => {
    fc.assert(
      fc.property(story, (told) => {
        const reader = play(told);
        expect(reader.ended).toBe(true);
        expect(meaning(reader.frames)).toEqual(meaning(whole(told.format, stored(told.content, told.end))));
      }),
      runs,
    );
  });

  it('each frame has an id of its own, which leads to the next', () => {
    fc.assert(
      fc.property(story, (told) => {
        const frames = play(told).frames.map((text) => /^id: (.+)\n/.exec(text)?.[1] ?? '');
        expect(new Set(frames).size).toBe(frames.length);
        expect(frames.map((id) => readBookmark(id)?.turnId)).toEqual(frames.map(() => turn.id));
      }),
      runs,
    );
  });
});

describe('a turn whose gateway was lost', () => {
  it('ends, for whoever has read more of it than is stored, and says nothing twice', () => {
    const [first, second]: Block[] = [
      { type: 'text', text: 'One.' },
      { type: 'text', text: 'Two and more.' },
    ];
    const broken: Ending = { kind: 'broken', code: 'turn.interrupted' };
    for (const format of all) {
      const answer = new LiveAnswer();
      const reader = new Reader(format);
      answer.hear({ n: 1, events: eventsOf([first, second] as Block[], [3]).slice(0, -1) });
      reader.read(answer);
      const before = reader.frames.length;
      answer.end({ model, blocks: [first as Block, { type: 'text', text: 'Two' }] }, broken);
      reader.resume(0);
      reader.read(answer);
      const told = meaning(reader.frames.slice(before)).map((one) => JSON.stringify(one));
      expect(told.at(-1)).toContain('turn.interrupted');
      expect(told.join('')).not.toMatch(/One|Two|more/);
    }
  });
});

it('a long text that is there already is told in portions, and no character is cut in two', () => {
  const text = `a${'🦜'.repeat(100_000)}`;
  const answer = stored([{ type: 'text', text }], { kind: 'broken', code: 'turn.stopped' });
  const reading = new Reading(turn, formats.parley.encoder(turn.sessionId), 'request');
  const portions: string[] = [];
  for (let told = reading.next(answer); told !== ''; told = reading.next(answer)) portions.push(told);
  expect(Math.max(...portions.map(({ length }) => length))).toBeLessThan(140_000);
  expect(portions.length).toBeGreaterThan(3);
  const contents = portions
    .flatMap((told) => told.split(/(?<=\n\n)/))
    .map((one) => frame(one).data as { content?: string });
  expect(contents.map(({ content }) => content ?? '').join('')).toBe(text);
  expect(contents.every(({ content }) => content?.isWellFormed() ?? true)).toBe(true);
});
