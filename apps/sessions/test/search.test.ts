/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth, and the gateway. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Project } from '@parley/contracts';
import { eventually } from '@parley/testing';
import fc from 'fast-check';
import { find, findAll, matchesOf, pathOf, sayAll, textOf } from './searching.js';
import {
  broken,
  newPlatform,
  part,
  problem,
  text,
  user,
  whole,
  type Caller,
  type Instance,
  type Platform,
} from './sessions-under-test.js';

let platform: Platform;
let instance: Instance;

beforeAll(async () => {
  platform = await newPlatform();
  instance = await platform.start();
}, 60_000);

afterAll(() => platform.stop());

describe('what is found', () => {
  it('comes best first: where the words are near each other, then where they are far', async () => {
    const far = `The moon is ${'very '.repeat(60)}far away.`;
    const caller = instance.caller();
    const id = await sayAll(caller, far, 'No word of it', 'To the far moon', 'A moon, a moon, the far far moon');
    const found = await findAll(caller, { q: 'far moon' }, 3);

    expect(found.map(textOf)).toEqual([
      'A moon, a moon, the far far moon',
      'To the far moon',
      expect.stringContaining('very'),
    ]);
    expect(found.map(({ rank }) => rank)).toEqual(found.map(({ rank }) => rank).toSorted((a, b) => b - a));
    expect(found[1]).toMatchObject({
      session_id: id,
      session_name: 'A name',
      project_id: null,
      role: 'user',
      in_conversation: true,
    });
  });

  it.each(['', '!!!', '-only'])('%j is no search', async (q) => {
    const refused = await instance.caller().call('GET', pathOf({ q }));
    expect(refused).toMatchObject(problem(400, 'request.invalid'));
    expect(refused.body).toMatchObject({ errors: [{ path: 'q' }] });
  });

  it('is an answer once its turn has ended, whole or broken off', async () => {
    const caller = instance.caller();
    const one = await caller.openNew([user('A question of whales')]);
    const two = await caller.openNew([user('Another about whales')]);
    for (const { turnId, lease } of [one, two])
      await caller.turn(turnId, 'checkpoint', part(lease, [text('Whales are m')]));
    await findAll(caller, { q: 'whales' }, 2);
    expect((await find(caller, { q: 'whales', role: 'assistant' })).data).toEqual([]);

    await caller.turn(one.turnId, 'complete', whole(one.lease, [text('Whales are mammals.')]));
    await platform.expire(two.turnId);

    const answers = await findAll(caller, { q: 'whales', role: 'assistant' }, 2);
    expect(answers.map(textOf).toSorted()).toEqual(['Whales are m', 'Whales are mammals.']);
    expect((await find(caller, { q: 'mammals' })).data).toHaveLength(1);
  });

  it('is of every branch, with whether it is still in the conversation', async () => {
    const caller = instance.caller();
    const { id, turnId, lease } = await caller.openNew([user('Asked in vain about otters')]);
    await caller.turn(turnId, 'interrupt', broken(lease));
    await caller.append(id, 'Otters once more');

    const found = await findAll(caller, { q: 'otters' }, 2);
    expect(new Map(found.map((one) => [textOf(one), one.in_conversation]))).toEqual(
      new Map([
        ['Asked in vain about otters', false],
        ['Otters once more', true],
      ]),
    );
  });

  it('is neither instructions nor thoughts nor what tools were asked', async () => {
    const caller = instance.caller();
    const { id } = await caller.newSession();
    await caller.append(id, 'Speak of herons', 'system');
    const { turnId, lease } = await caller.open(id, [user('?')]);
    const thoughts = { type: 'reasoning' as const, text: 'Herons?' };
    const call = { type: 'tool_call' as const, id: 'c', name: 'herons', arguments: '{"q":"herons"}' };
    await caller.turn(turnId, 'complete', whole(lease, [thoughts, call, text('Barrier')]));
    await findAll(caller, { q: 'barrier' }, 1);

    expect((await find(caller, { q: 'herons' })).data).toEqual([]);
  });

  it('in a fork is found there too', async () => {
    const caller = instance.caller();
    const id = await sayAll(caller, 'An egret, seen once');
    await findAll(caller, { q: 'egret' }, 1);
    const fork = await caller.ok<{ id: string }>('POST', `/v1/sessions/${id}/fork`, {});

    const found = await findAll(caller, { q: 'egret' }, 2);
    expect(found.map((one) => one.session_id).toSorted()).toEqual([id, fork.id].toSorted());
  });
});

describe('words', () => {
  let caller: Caller;

  beforeAll(async () => {
    const all = [
      'Retry after a TIMEOUT',
      'We raised the retry limit',
      'Eine ÜBERRASCHUNG',
      'std::vector<string> is <b>bold</b>',
    ];
    caller = instance.caller();
    await sayAll(caller, ...all);
    await findAll(caller, { q: 'retry or ÜBERRASCHUNG or bold' }, 4);
  });

  it.each([
    ['timeouts', ['Retry after a TIMEOUT']],
    ['the', ['We raised the retry limit']],
    ['"retry limit"', ['We raised the retry limit']],
    ['"limit retry"', []],
    ['retry -timeout', ['We raised the retry limit']],
    ['retry -"retry limit"', ['Retry after a TIMEOUT']],
    ['timeout or überraschung', ['Eine ÜBERRASCHUNG', 'Retry after a TIMEOUT']],
    ['string', ['std::vector<string> is <b>bold</b>']],
    ['<b>bold', ['std::vector<string> is <b>bold</b>']],
    ['nothing like it', []],
  ])('%s are found in any form, in a row, or without others', async (q, expected) => {
    const { data, next_cursor, ranked_since } = await find(caller, { q });
    expect(data.map(textOf).toSorted()).toEqual(expected.toSorted());
    expect({ next_cursor, ranked_since }).toEqual({ next_cursor: null, ranked_since: null });
  });
});

describe('highlights', () => {
  it('are the words that were asked for, in a text that is otherwise as it was said, whatever it is', async () => {
    const caller = instance.caller();
    const { id } = await caller.newSession();
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '\0',
        '\u0001',
        '\u0002',
        '<b>',
        '</script>',
        '<!--',
        'a<b',
        '&lt;',
        'x@y.org http://z.io/w?q=1',
        'foo-bar-9',
        '\ud800',
      ),
    );
    const said = fc
      .sample(fc.tuple(fc.array(piece, { maxLength: 6 }), fc.array(piece, { maxLength: 6 })), 60)
      .map(([before, after]) => `${before.join(' ')} Pelican ${after.join(' ')}`);
    await Promise.all(said.map((words) => caller.append(id, words)));

    const found = await eventually(async () => {
      const first = await find(caller, { q: 'pelicans', limit: '50' });
      const next = await find(caller, { q: 'pelicans', limit: '50', cursor: first.next_cursor ?? '' });
      expect(next.data).toHaveLength(10);
      return [...first.data, ...next.data];
    });
    const asKept = said.map((words) => words.replaceAll('\0', ' ').toWellFormed());
    expect(found.map(textOf).every((one) => asKept.some((words) => words.includes(one)))).toBe(true);
    expect(found.map(matchesOf).every((marked) => marked.includes('Pelican'))).toBe(true);
  });

  it('of a long message are where the words are, three at most', async () => {
    const caller = instance.caller();
    await sayAll(
      caller,
      `${'Far '.repeat(100)} heron ${'off '.repeat(100)} heron ${'and '.repeat(100)} heron. ${'So '.repeat(100)} heron!`,
    );
    const [found] = await findAll(caller, { q: 'heron' }, 1);

    expect(found?.fragments).toHaveLength(3);
    expect(found && matchesOf(found)).toEqual(['heron', 'heron', 'heron']);
    expect(found && textOf(found).length).toBeLessThan(600);
  });
});

describe('filters', () => {
  it('let through what fits all of them', async () => {
    const caller = instance.caller();
    const project = await caller.ok<Project>('POST', '/v1/projects', { name: 'Ours' });
    const [within, without] = [
      await caller.newSession({ project_id: project.id, model: 'm' }),
      await caller.newSession(),
    ];
    await caller.append(within.id, 'Ibis one');
    await caller.append(within.id, 'Ibis two', 'assistant');
    const { created_at: then } = await caller.append(without.id, 'Ibis three');
    const all = await findAll(caller, { q: 'ibis' }, 3);
    const moment = new Date(then).getTime();

    for (const [filter, expected] of [
      [{ project_id: project.id }, ['Ibis one', 'Ibis two']],
      [{ project_id: randomUUID() }, []],
      [{ role: 'assistant' }, ['Ibis two']],
      [{ project_id: project.id, role: 'user' }, ['Ibis one']],
      [{ created_after: then }, ['Ibis three']],
      [{ created_before: then }, all.filter((one) => one.created_at < then).map(textOf)],
      [{ created_after: new Date(moment + 1).toISOString() }, []],
      [{ created_after: '9999-12-31T00:00:00Z' }, []],
      [{ created_before: '0001-01-01T00:00:00Z' }, []],
    ] as const)
      expect((await find(caller, { q: 'ibis', ...filter })).data.map(textOf).toSorted()).toEqual(expected.toSorted());

    await caller.ok('PATCH', `/v1/sessions/${without.id}`, { project_id: project.id });
    expect((await find(caller, { q: 'ibis', project_id: project.id })).data).toHaveLength(3);
  });
});
