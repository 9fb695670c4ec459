import { describe, expect, it, jest } from '@jest/globals';
import { AppError, type OpenedTurn, type OpenTurnRequest } from '@parley/contracts';
import type { ServiceClient } from '@parley/service-client';
import type { Log, Shutdown } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import { TurnOpenings } from './turn-openings.js';

const opened: OpenedTurn = { lease: 'secret', lease_ms: 15_000, model: 'a-model', context: [], project_id: null };
const queued = { lease: 'secret', queued: { position: 0 }, retry_after_ms: 1 };
const place = (may_open: boolean) => ({ position: 0, may_open, retry_after_ms: 1 });
const request: OpenTurnRequest = {
  turn_id: 'turn',
  request_id: 'request',
  input: [{ role: 'user', content: [{ type: 'text', text: '?' }] }],
};

/** Sessions gives these answers, one after the other, and the last one again and again. */
function newOpenings(answers: unknown[]) {
  const calls: { what: string | undefined; body: unknown; token?: string }[] = [];
  const call = async (route: { path: string }, { body, token }: { body: unknown; token?: string }) => {
    const what = route.path.split('/').at(-1);
    calls.push({ what, body, ...(token !== undefined && { token }) });
    if (what === 'leave') return {};
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  let drain: () => Promise<void> = () => Promise.resolve();
  const shutdown = { register: (_: string, fn: () => Promise<void>) => (drain = fn) } as unknown as Shutdown;
  const log = { warn: jest.fn() } as unknown as Log;
  const sut = new TurnOpenings({ call } as unknown as ServiceClient, log, shutdown);
  const caller = new AbortController();
  const open = () => sut.open('session', request, { token: 'token', signal: caller.signal });
  return { open, calls, caller, drain: () => drain(), whats: () => calls.map(({ what }) => what) };
}

describe('opening a turn', () => {
  it('asks once where the session is free, and says that it could wait', async () => {
    const { open, calls } = newOpenings([opened]);
    expect(await open()).toBe(opened);
    expect(calls).toEqual([{ what: 'turns', body: { ...request, wait: true }, token: 'token' }]);
  });

  it('asks again by the lease until its turn has come, and says what is asked only then', async () => {
    const { open, calls } = newOpenings([queued, place(false), place(false), place(true), opened]);
    expect(await open()).toBe(opened);
    const { turn_id: _, ...question } = request;
    expect(calls.slice(1)).toEqual([
      { what: 'wait', body: { lease: 'secret' } },
      { what: 'wait', body: { lease: 'secret' } },
      { what: 'wait', body: { lease: 'secret' } },
      { what: 'open', body: { ...question, lease: 'secret' } },
    ]);
  });

  it('goes on waiting where another turn was faster', async () => {
    const { open, whats } = newOpenings([queued, place(true), queued, place(true), opened]);
    expect(await open()).toBe(opened);
    expect(whats()).toEqual(['turns', 'wait', 'open', 'wait', 'open']);
  });

  it('takes itself out when its caller leaves', async () => {
    const { open, caller, whats } = newOpenings([queued, place(false)]);
    const opening = open();
    await eventually(() => expect(whats()).toContain('wait'));
    const left = new AppError('request.timeout');
    caller.abort(left);
    await expect(opening).rejects.toBe(left);
    expect(whats().at(-1)).toBe('leave');
  });

  it('takes itself out when the gateway drains', async () => {
    const { open, drain, whats } = newOpenings([queued, place(false)]);
    const opening = open();
    await eventually(() => expect(whats()).toContain('wait'));
    await drain();
    await expect(opening).rejects.toMatchObject({ code: 'service.draining' });
    expect(whats().at(-1)).toBe('leave');
  });

  it('fails as sessions says, and is out then', async () => {
    const { open, whats } = newOpenings([queued, new AppError('session.busy')]);
    await expect(open()).rejects.toMatchObject({ code: 'session.busy' });
    expect(whats()).toEqual(['turns', 'wait', 'leave']);
  });

  it('is busy where its place was lost', async () => {
    const { open } = newOpenings([queued, new AppError('turn.not_found')]);
    await expect(open()).rejects.toMatchObject({ code: 'session.busy', text: { retryAfterMs: 1_000 } });
  });
});
