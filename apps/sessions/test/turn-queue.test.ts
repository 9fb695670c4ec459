/** Real: two instances of the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: auth, and the gateways. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { QueuedTurn, WaitingTurn } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { broken, newPlatform, part, problem, user, whole } from './sessions-under-test.js';
import type { Caller, Platform } from './sessions-under-test.js';

let platform: Platform;
let caller: Caller;
/** The same caller, at another instance. */
let elsewhere: Caller;
/** And at one whose turns wait no longer than a second. */
let impatient: Caller;

/** A stop leaves two seconds, and a machine that is busy may take longer: nobody ends the turns of lost gateways here. */
const withoutSweeps = { TURN_LEASE_MS: '120000', SWEEP_INTERVAL_MS: '60000' };

beforeAll(async () => {
  platform = await newPlatform();
  const [one, other, third] = await Promise.all([
    platform.start(withoutSweeps),
    platform.start(withoutSweeps),
    platform.start({ ...withoutSweeps, TURN_WAIT_MS: '1000' }),
  ]);
  caller = one.caller();
  elsewhere = other.caller(caller.tenantId);
  impatient = third.caller(caller.tenantId);
}, 60_000);

afterAll(() => platform.stop());

/** A turn that waits, as its gateway has it. */
interface Waiter {
  readonly by: Caller;
  readonly words: string;
  readonly turnId: string;
  readonly lease: string;
  readonly position: number;
}

async function join(sessionId: string, words: string, by = caller): Promise<Waiter> {
  const turnId = randomUUID();
  const { status, body } = await by.tryOpen(sessionId, [user(words)], turnId, { wait: true });
  expect({ status, body }).toMatchObject({ status: 200, body: { retry_after_ms: 150 } });
  const { lease, queued } = body as unknown as QueuedTurn;
  return { by, words, turnId, lease, position: queued.position };
}

const keep = async ({ by, turnId, lease }: Waiter): Promise<WaitingTurn> =>
  (await by.turn(turnId, 'wait', { lease })).body as unknown as WaitingTurn;

const enter = ({ by, turnId, lease, words }: Waiter) =>
  by.turn(turnId, 'open', { lease, request_id: 'request', input: [user(words)] });

/** A session whose turns meet as `concurrency` says, and its turn that is being answered. */
async function busy(concurrency: string | undefined = 'queue') {
  const { id } = await caller.newSession({ model: 'a-model', concurrency });
  return { id, running: await caller.open(id, [user('1')]) };
}

const end = ({ turnId, lease }: { readonly turnId: string; readonly lease: string }) =>
  caller.turn(turnId, 'complete', whole(lease));

/** What was asked, in order. */
const questions = async (id: string) =>
  (await caller.conversation(id)).filter(({ role }) => role === 'user').flatMap(({ content }) => content);

describe('turns that wait', () => {
  it('are opened in the order in which they came, through whichever instance', async () => {
    const { id, running } = await busy();
    const waiters = [await join(id, '2'), await join(id, '3', elsewhere), await join(id, '4')];
    expect(waiters.map(({ position }) => position)).toEqual([0, 1, 2]);

    let before: { readonly turnId: string; readonly lease: string } = running;
    for (const [place, waiter] of waiters.entries()) {
      expect(await keep(waiter)).toMatchObject({ position: 0, may_open: false });
      await end(before);
      for (const early of waiters.slice(place + 1)) {
        expect(await keep(early)).toMatchObject({ may_open: false });
        expect((await enter(early)).body).toMatchObject({ queued: { position: waiters.indexOf(early) - place } });
      }
      expect(await keep(waiter)).toMatchObject({ position: 0, may_open: true });
      expect(await enter(waiter)).toMatchObject({ status: 200, body: { lease: waiter.lease, model: 'a-model' } });
      before = waiter;
    }
    await end(before);

    expect(await questions(id)).toEqual(['1', '2', '3', '4'].map((text) => ({ type: 'text', text })));
  });

  it('go before one that comes while the session is free', async () => {
    const { id, running } = await busy();
    const first = await join(id, '2');
    await end(running);

    expect((await join(id, '3', elsewhere)).position).toBe(1);
    expect(await caller.tryOpen(id, [user('4')])).toMatchObject(problem(409, 'session.busy'));
    expect(await enter(first)).toMatchObject({ status: 200, body: { lease: first.lease } });
  });

  it('are 16 at most', async () => {
    const { id } = await busy();
    const waiters: Waiter[] = [];
    while (waiters.length < 16) {
      const waiter = await join(id, 'Me too!');
      expect(waiter.position).toBe(waiters.length);
      waiters.push(waiter);
      await Promise.all(waiters.map(keep));
    }
    const refused = await elsewhere.tryOpen(id, [user('?')], randomUUID(), { wait: true });
    expect(refused).toMatchObject(problem(409, 'session.busy'));
  });

  it('wait no longer than they may, and are refused then', async () => {
    const { id, running } = await busy();
    const waiter = await join(id, '2', impatient);
    await eventually(async () => {
      expect(await impatient.turn(waiter.turnId, 'wait', { lease: waiter.lease })).toMatchObject(
        problem(409, 'session.busy'),
      );
    });
    await impatient.turn(waiter.turnId, 'leave', { lease: waiter.lease });
    await end(running);
    await caller.open(id, [user('3')]);
  });

  it('are passed over where their gateway asks no more', async () => {
    const { id, running } = await busy();
    await join(id, 'lost');
    const waiter = await join(id, '2');
    expect(waiter.position).toBe(1);
    await end(running);

    await eventually(async () => expect(await keep(waiter)).toMatchObject({ may_open: true }), { timeoutMs: 10_000 });

    await enter(waiter);
    expect(await questions(id)).toHaveLength(2);
  });

  it('can be taken out, by who has the lease', async () => {
    const { id, running } = await busy();
    const [first, second] = [await join(id, '2'), await join(id, '3')];
    const forged = `${caller.tenantId}.${'A'.repeat(43)}`;
    for (const step of ['wait', 'open'] as const)
      expect(await caller.turn(first.turnId, step, { lease: forged, ...(step === 'open' && asked) })).toMatchObject(
        problem(404, 'turn.not_found'),
      );
    await caller.turn(first.turnId, 'leave', { lease: forged });
    expect((await keep(second)).position).toBe(1);

    for (let times = 0; times < 2; times++) await caller.turn(first.turnId, 'leave', { lease: first.lease });

    expect(await keep(second)).toMatchObject({ position: 0, may_open: false });
    await end(running);
    expect(await keep(second)).toMatchObject({ may_open: true });
  });

  it('are opened once, however often that is asked for', async () => {
    const { id, running } = await busy();
    const waiter = await join(id, '2');
    await end(running);
    const [first, again] = [await enter(waiter), await enter(waiter)];

    expect(again).toMatchObject({ status: 200, body: { context: first.body['context'] } });
    for (const { body } of [first, again])
      expect(await caller.turn(waiter.turnId, 'checkpoint', part(String(body['lease']), []))).toMatchObject({
        status: 200,
      });
    expect(await questions(id)).toHaveLength(2);
  });

  it('keep their place where the answer that they wait was lost', async () => {
    const { id } = await busy();
    const first = await join(id, '2');
    await join(id, '3');
    const again = await caller.tryOpen(id, [user('2')], first.turnId, { wait: true });
    const { lease, queued } = again.body as unknown as QueuedTurn;
    expect(queued.position).toBe(0);
    expect(await keep({ ...first, lease })).toMatchObject({ position: 0 });
  });

  it('keep who asked, of whom the token is over when they open', async () => {
    const { id, running } = await busy();
    const waiter = await join(id, '2');
    await end(running);
    await enter(waiter);
    const [row] = await platform.database.query(`select subject from turns where id = '${running.turnId}'`);
    expect(await platform.database.query(`select subject from turns where id = '${waiter.turnId}'`)).toEqual([row]);
  });

  it('are gone with their session', async () => {
    const { id } = await busy();
    const waiter = await join(id, '2');
    await caller.ok('DELETE', `/v1/sessions/${id}`);
    expect(await caller.turn(waiter.turnId, 'wait', { lease: waiter.lease })).toMatchObject(
      problem(404, 'turn.not_found'),
    );
  });

  it('leave nothing behind where a gateway was lost and nobody asks again', async () => {
    const { id } = await busy();
    const { turnId } = await join(id, '2');
    await platform.database.query(
      `update turn_queue set seen_at = now() - interval '2 minutes' where turn_id = '${turnId}'`,
    );
    const sweeping = await platform.start();
    await eventually(async () =>
      expect(await platform.database.query(`select from turn_queue where turn_id = '${turnId}'`)).toEqual([]),
    );
    await sweeping.stop();
  });
});

const asked = { request_id: 'request', input: [user('?')] };

describe('a session', () => {
  it.each(['reject', undefined])('of the policy %s has no turn wait', async (concurrency) => {
    const { id } = await busy(concurrency ?? 'reject');
    if (concurrency === undefined) await caller.ok('PATCH', `/v1/sessions/${id}`, { concurrency: null });
    expect(await caller.tryOpen(id, [user('2')], randomUUID(), { wait: true })).toMatchObject(
      problem(409, 'session.busy'),
    );
  });

  it('refuses a gateway that does not know of waiting, whatever its policy', async () => {
    const { id } = await busy('interrupt');
    expect(await caller.tryOpen(id, [user('2')])).toMatchObject(problem(409, 'session.busy'));
  });

  it('has the policy of its project unless it has one of its own', async () => {
    const project = await caller.ok('POST', '/v1/projects', { name: 'Moon', concurrency: 'queue' });
    const { id, concurrency } = await caller.newSession({ model: 'a-model', project_id: project['id'] });
    expect([project['concurrency'], concurrency]).toEqual(['queue', null]);
    await caller.open(id, [user('1')]);
    await join(id, '2');
    const changed = await caller.ok('PATCH', `/v1/sessions/${id}`, { concurrency: 'reject' });
    expect(changed['concurrency']).toBe('reject');
    const refused = await caller.tryOpen(id, [user('3')], randomUUID(), { wait: true });
    expect(refused).toMatchObject(problem(409, 'session.busy'));
  });

  it('that is interrupted stops its turn for the one that waits, and that one for the next', async () => {
    const { id, running } = await busy('interrupt');
    const waiter = await join(id, '2', elsewhere);

    const { body } = await caller.turn(running.turnId, 'checkpoint', part(running.lease, []));
    expect(body).toEqual({ stopping: true });
    const later = await join(id, '3');
    await caller.turn(running.turnId, 'interrupt', broken(running.lease, [], 'cancelled'));
    expect(await keep(waiter)).toMatchObject({ may_open: true });
    await enter(waiter);
    await keep(later);

    expect((await caller.turn(waiter.turnId, 'checkpoint', part(waiter.lease, []))).body).toEqual({ stopping: true });
    expect(await questions(id)).toHaveLength(2);
  });
});
