// Real: programs that speak MCP over stdio, some of them badly. Left out: HTTP, permissions, audit.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorCode } from '@parley/contracts';
import { createLog } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import { scripted } from './fixtures/servers.js';
import { isAlive, startServers, type ServersUnderTest } from './servers-under-test.js';

const failure = (code: ErrorCode) => expect.objectContaining({ name: 'AppError', code });

describe('a server that fails during a call', () => {
  let sut: ServersUnderTest;
  beforeAll(async () => {
    sut = startServers({
      bad: scripted(undefined, { max_output_bytes: 100_000, timeout_ms: 20_000 }),
      good: scripted(),
    });
    await Promise.all([sut.untilRunning('bad'), sut.untilRunning('good')]);
  });
  afterAll(() => sut[Symbol.asyncDispose]());

  const bad = () => sut.servers.list().find(({ id }) => id === 'bad');

  it.each([
    ['an answer that is too large', 'big', { bytes: 300_000 }, 'tool.output_too_large'],
    ['one whose id comes last', 'big-id-last', { bytes: 300_000 }, 'tool.output_too_large'],
    ['an answer that is no JSON', 'broken-answer', {}, 'tool.failed'],
    ['an answer that is no result', 'no-result', {}, 'tool.failed'],
    ['a tool whose own schema is none', 'bad-schema', {}, 'tool.failed'],
  ] as const)('fails that call alone for %s, as often as it comes', async (_, tool, given, code) => {
    const before = bad();
    const bystander = sut.call('bad.slow', { ms: 500 });

    const calls = Array.from({ length: 5 }, () => sut.call(`bad.${tool}`, given));
    await Promise.all(calls.map((call) => expect(call).rejects.toEqual(failure(code))));

    await expect(bystander).resolves.toBe('late');
    await expect(sut.call('bad.echo', { text: 'on' })).resolves.toBe('on');
    expect(bad()).toEqual(before);
  });

  it('loses nothing by lines that are no messages', async () => {
    const before = bad();
    await expect(sut.call('bad.garbage', { text: 'Listening on port 3000!' })).resolves.toBe('printed');
    expect(bad()).toEqual(before);
  });

  it('loses nothing by a long line that is no answer while several wait', async () => {
    const before = bad();
    const bystander = sut.call('bad.slow', { ms: 500 });
    await expect(sut.call('bad.garbage', { text: 'x'.repeat(300_000) })).resolves.toBe('printed');
    await expect(bystander).resolves.toBe('late');
    expect(bad()).toEqual(before);
  });

  it('fails the only call that waits for a long line that is nobody’s', async () => {
    const call = sut.call('bad.garbage', { text: 'x'.repeat(300_000) });
    await expect(call).rejects.toEqual(failure('tool.output_too_large'));
    await expect(sut.call('bad.echo', { text: 'on' })).resolves.toBe('on');
  });

  it.each([
    ['ends', 'exit', 'tool.failed'],
    ['ends within its answer', 'half-answer', 'tool.failed'],
    ['prints a line without an end', 'flood', 'tool.output_too_large'],
    ['prints message after message', 'chatter', 'tool.output_too_large'],
  ] as const)(
    'fails the calls in flight on it alone, and takes calls again, when it %s',
    async (_, tool, code) => {
      const before = bad()?.restarts ?? NaN;
      const bystander = expect(sut.call('bad.ignore')).rejects.toEqual(failure(code));
      const neighbour = sut.call('good.slow', { ms: 500 });

      await expect(sut.call(`bad.${tool}`)).rejects.toEqual(failure(code));

      await bystander;
      await expect(neighbour).resolves.toBe('late');
      await sut.untilRunning('bad');
      await expect(sut.call('bad.echo', { text: 'again' })).resolves.toBe('again');
      expect(bad()?.restarts).toBe(before + 1);
      // Megabytes are read message by message.
    },
    60_000,
  );

  it('passes on that a tool says it failed as an answer', async () => {
    await expect(sut.call('bad.refuse')).resolves.toBe('I will not');
  });
});

describe('a call', () => {
  it('that takes too long fails at its deadline, is called off at the server, and lets others go on', async () => {
    await using sut = startServers({ slow: scripted(undefined, { timeout_ms: 400 }) });
    await sut.untilRunning('slow');
    const other = sut.call('slow.slow', { ms: 300 });

    await expect(sut.call('slow.ignore')).rejects.toEqual(failure('tool.timeout'));

    await expect(other).resolves.toBe('late');
    expect(JSON.parse(await sut.call('slow.cancelled'))).toEqual([
      expect.objectContaining({ requestId: expect.any(Number) }),
    ]);
    expect(sut.servers.list()).toEqual([expect.objectContaining({ status: 'running', restarts: 0 })]);
  });

  it('is called off at the server when its caller leaves', async () => {
    await using sut = startServers({ one: scripted() });
    await sut.untilRunning('one');
    const caller = new AbortController();
    const call = sut.call('one.ignore', {}, caller.signal);
    caller.abort(new Error('gone'));

    await expect(call).rejects.toThrow();

    expect(JSON.parse(await sut.call('one.cancelled'))).toHaveLength(1);
  });

  it('waits in a bounded queue, behind which it is refused', async () => {
    await using sut = startServers({ one: scripted() });
    await sut.untilRunning('one');
    const calls = Array.from({ length: 64 + 256 }, () => sut.call('one.slow', { ms: 300 }));
    await expect(sut.call('one.slow', { ms: 300 })).rejects.toMatchObject({ reason: 'bulkhead_full' });
    await expect(Promise.all(calls)).resolves.toHaveLength(320);
  });
});

describe('a server that hangs', () => {
  it('is found by a call that ran out of time, and started anew', async () => {
    await using sut = startServers({ stuck: scripted(undefined, { timeout_ms: 300 }) }, { pingTimeoutMs: 300 });
    await sut.untilRunning('stuck');

    await expect(sut.call('stuck.freeze')).rejects.toEqual(failure('tool.timeout'));

    await eventually(() => expect(sut.servers.list()).toMatchObject([{ status: 'running', restarts: 1 }]));
    await expect(sut.call('stuck.echo', { text: 'back' })).resolves.toBe('back');
  });

  it('is found while a call that has much time is in flight, which fails then', async () => {
    await using sut = startServers({ stuck: scripted() }, { pingTimeoutMs: 300 });
    await sut.untilRunning('stuck');

    await expect(sut.call('stuck.freeze')).rejects.toEqual(failure('tool.failed'));

    await eventually(() => expect(sut.servers.list()).toMatchObject([{ status: 'running', restarts: 1 }]));
  });

  it('is not taken for one that is busy with a long call and answers', async () => {
    await using sut = startServers({ busy: scripted() }, { pingTimeoutMs: 100 });
    await sut.untilRunning('busy');
    await expect(sut.call('busy.slow', { ms: 1_000 })).resolves.toBe('late');
    expect(sut.servers.list()).toMatchObject([{ status: 'running', restarts: 0 }]);
  });

  it('is sent no more than it may leave unread', async () => {
    await using sut = startServers({ stuck: scripted(undefined, { timeout_ms: 500 }) });
    await sut.untilRunning('stuck');
    const [pid] = JSON.parse(await sut.call('stuck.family')) as number[];
    process.kill(pid ?? 0, 'SIGSTOP');
    const text = 'x'.repeat(1_300_000);
    const calls = Array.from({ length: 7 }, () => sut.call('stuck.echo', { text }));
    await Promise.all(calls.map((call) => expect(call).rejects.toEqual(failure('tool.timeout'))));

    await expect(sut.call('stuck.echo', { text })).rejects.toEqual(failure('mcp_server.unavailable'));

    process.kill(pid ?? 0, 'SIGCONT');
    await eventually(() => expect(sut.call('stuck.echo', { text: 'on' })).resolves.toBe('on'));
  });

  it('is found without any call', async () => {
    await using sut = startServers({ stuck: scripted() }, { pingTimeoutMs: 300 });
    await sut.untilRunning('stuck');
    const [pid] = JSON.parse(await sut.call('stuck.family')) as number[];
    process.kill(pid ?? 0, 'SIGSTOP');

    await eventually(() => expect(sut.servers.list()).toMatchObject([{ status: 'running', restarts: 1 }]));
  });
});

it('a server that prints a line of its own before it is asked anything runs, and the line is in the log', async () => {
  const lines: string[] = [];
  const log = createLog({ base: {}, destination: { write: (line) => void lines.push(line) } });
  await using sut = startServers({ one: scripted('talkative') }, { log });
  await sut.untilRunning('one');
  await expect(sut.call('one.echo', { text: 'hi' })).resolves.toBe('hi');
  expect(lines.join('')).toContain('Listening on port 3000');
});

describe('a server that does not start', () => {
  it.each([
    ['is no program', { command: '/no/such/program' }],
    ['ends at once', scripted('stillborn')],
  ])('is tried again and again, and says meanwhile when to come back: %s', async (_, entry) => {
    await using sut = startServers({ dead: entry, good: scripted() });
    await eventually(() => {
      const [dead] = sut.servers.list();
      if ((dead?.restarts ?? 0) < 2) throw new Error('not yet');
    });

    await expect(sut.call('dead.echo')).rejects.toEqual(failure('mcp_server.unavailable'));
    await expect(sut.call('dead.echo')).rejects.toMatchObject({ text: { retryAfterMs: expect.any(Number) } });
    await expect(sut.call('good.echo', { text: 'fine' })).resolves.toBe('fine');
  });

  it('can be stopped while it says nothing', async () => {
    const sut = startServers({ silent: scripted('mute') });
    await eventually(() => expect(sut.servers.list()).toMatchObject([{ status: 'starting' }]));
    await sut[Symbol.asyncDispose]();
  });
});

describe('the tools of a server', () => {
  it('are read anew when the server says that they have changed', async () => {
    await using sut = startServers({ one: scripted() });
    await sut.untilRunning('one');
    const before = sut.servers.toolsOf('one').length;

    await Promise.all(Array.from({ length: 5 }, () => sut.call('one.grow')));

    await eventually(() => expect(sut.servers.toolsOf('one')).toHaveLength(before + 5));
  });

  it('are those alone that the file names, where it names any', async () => {
    await using sut = startServers({ one: scripted(undefined, { tools: ['echo', 'no-such-tool'] }) });
    await sut.untilRunning('one');
    expect(sut.servers.toolsOf('one').map(({ name }) => name)).toEqual(['echo']);
    await expect(sut.call('one.echo', { text: 'hi' })).resolves.toBe('hi');
    await expect(sut.call('one.exit')).rejects.toEqual(failure('tool.not_found'));
  });

  it('leave out what does not fit the protocol', async () => {
    await using sut = startServers({ one: scripted() });
    await sut.untilRunning('one');
    expect(sut.servers.toolsOf('one').map(({ name }) => name)).not.toContain('no schema');
  });
});

it('a server sees what it inherits and what its entry gives it, and nothing else of the hub', async () => {
  await using sut = startServers({ one: scripted(undefined, { env: { FLAVOUR: 'plain' } }) });
  await sut.untilRunning('one');
  const environment = JSON.parse(await sut.call('one.environment')) as Record<string, string>;
  expect(environment).toEqual({ PATH: process.env['PATH'], LANG: 'C.UTF-8', FLAVOUR: 'plain' });
});

it('what a server prints on its standard error is in the log, without its secrets', async () => {
  const lines: string[] = [];
  const log = createLog({ base: {}, destination: { write: (line) => void lines.push(line) } });
  await using sut = startServers({ one: scripted(undefined, { env: { API: 'hunter2-hunter2' } }) }, { log });
  await sut.untilRunning('one');
  await sut.call('one.print', { text: 'calling with hunter2-hunter2, token=abc123' });
  const line = await eventually(
    () => lines.find((each) => each.includes('calling')) ?? Promise.reject(new Error('no')),
  );
  expect(JSON.parse(line)).toMatchObject({ mcp_server: 'one', line: 'calling with [redacted], token=[redacted]' });
});

it('the end of a server is the end of all that it started, also of what ignores every signal', async () => {
  const sut = startServers({ family: scripted('stubborn') });
  await sut.untilRunning('family');
  const pids = JSON.parse(await sut.call('family.family')) as number[];
  expect(await Promise.all(pids.map(isAlive))).toEqual([true, true]);

  await sut[Symbol.asyncDispose]();

  await eventually(async () => expect(await Promise.all(pids.map(isAlive))).toEqual([false, false]));
});
