import { expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import fc from 'fast-check';
import { GroupCommit, type GroupCommitOptions } from './group-commit.js';

const sqlError = (code: string) => Object.assign(new Error(code), { code });
const connectionLost = () => sqlError('08006');
const uniqueViolation = () => sqlError('23505');

/** Lets everything that needs no timer come to rest. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A flush that the test answers, batch by batch. */
function newGroupCommit(options: Partial<GroupCommitOptions<number>> = {}) {
  const clock = new ManualClock();
  const batches: { rows: number[]; done: PromiseWithResolvers<void> }[] = [];
  const flush = (rows: number[]) => {
    const done: PromiseWithResolvers<void> = Promise.withResolvers();
    batches.push({ rows, done });
    return done.promise;
  };
  const sut = new GroupCommit({ flush, clock, ...options });
  const outcomes = new Map<number, string>();
  const write = (row: number) =>
    sut.write(row).then(
      () => outcomes.set(row, 'committed'),
      (error: unknown) => outcomes.set(row, (error as { code: string }).code),
    );
  return { sut, write, batches, outcomes, clock };
}

it('sends a lone row at once, and everything that came meanwhile in the next batch', async () => {
  const { write, batches } = newGroupCommit();
  void write(1);
  await settled();
  void write(2);
  void write(3);
  await settled();
  expect(batches.map(({ rows }) => rows)).toEqual([[1]]);

  batches[0]?.done.resolve();
  await settled();

  expect(batches.map(({ rows }) => rows)).toEqual([[1], [2, 3]]);
});

it('answers a row only after the commit of its batch', async () => {
  const { write, batches, outcomes } = newGroupCommit();
  void write(1);
  await settled();
  expect(outcomes.get(1)).toBeUndefined();

  batches[0]?.done.resolve();
  await settled();

  expect(outcomes.get(1)).toBe('committed');
});

it('puts no more than maxRows in a batch', async () => {
  const { write, batches } = newGroupCommit({ maxRows: 2 });
  for (const row of [1, 2, 3]) void write(row);
  await settled();

  expect(batches.map(({ rows }) => rows)).toEqual([[1, 2]]);
});

it('refuses a row with service.overloaded when maxWaiting rows wait', async () => {
  const { write, outcomes } = newGroupCommit({ maxRows: 1, maxWaiting: 1 });
  void write(1);
  await settled();
  void write(2);
  void write(3);
  await settled();

  expect(outcomes).toEqual(new Map([[3, 'service.overloaded']]));
});

it('refuses rows with service.unavailable when no commit came in time, and drops those that still waited', async () => {
  const { write, batches, outcomes, clock } = newGroupCommit({ maxRows: 1, timeoutMs: 2_000 });
  void write(1);
  void write(2);
  await settled();

  await clock.advance(2_000);
  batches[0]?.done.resolve();
  await settled();

  expect([...outcomes.values()]).toEqual(['service.unavailable', 'service.unavailable']);
  expect(batches.filter(({ rows }) => rows.includes(2))).toEqual([]);
});

it('gives each row its own full timeout', async () => {
  const { write, outcomes, clock } = newGroupCommit({ timeoutMs: 2_000 });
  void write(1);
  await clock.advance(1_500);
  void write(2);

  await clock.advance(500);

  expect([...outcomes.keys()]).toEqual([1]);
});

it('fails the whole batch, and nothing after it, when the connection is lost', async () => {
  const { write, batches, outcomes } = newGroupCommit();
  void write(1);
  void write(2);
  await settled();
  void write(3);

  batches[0]?.done.reject(connectionLost());
  await settled();
  batches[1]?.done.resolve();
  await settled();

  expect(Object.fromEntries(outcomes)).toEqual({ 1: 'service.unavailable', 2: 'service.unavailable', 3: 'committed' });
});

it('is unavailable from a lost connection until a probe without rows succeeds', async () => {
  const { sut, write, batches, clock } = newGroupCommit();
  void write(1);
  await settled();
  batches[0]?.done.reject(connectionLost());
  await settled();
  expect(sut.available).toBe(false);

  await clock.advance(250);
  batches[1]?.done.reject(connectionLost());
  await settled();
  expect(sut.available).toBe(false);

  await clock.advance(250);
  batches[2]?.done.resolve();
  await settled();

  expect(batches.map(({ rows }) => rows)).toEqual([[1], [], []]);
  expect(sut.available).toBe(true);
});

it('is unavailable while a batch is overdue, and available again when it is done after all', async () => {
  const { sut, write, batches, clock } = newGroupCommit({ timeoutMs: 2_000 });
  void write(1);
  await clock.advance(2_000);
  expect(sut.available).toBe(false);

  batches[0]?.done.resolve();
  await settled();

  expect(sut.available).toBe(true);
});

it('stays available when a row is at fault', async () => {
  const { sut, write, batches, outcomes } = newGroupCommit();
  void write(1);
  await settled();
  batches[0]?.done.reject(uniqueViolation());
  await settled();

  expect(outcomes.get(1)).toBe('23505');
  expect(sut.available).toBe(true);
});

it('does not halve a batch that failed by the statement rather than by its rows', async () => {
  const { write, batches, outcomes } = newGroupCommit();
  for (const row of [1, 2, 3]) void write(row);
  await settled();
  batches[0]?.done.reject(sqlError('42P01'));
  await settled();

  expect(batches).toHaveLength(1);
  expect([...outcomes.values()]).toEqual(['42P01', '42P01', '42P01']);
});

it('takes no rows once it closes, and finishes those it has', async () => {
  const { sut, write, batches, outcomes, clock } = newGroupCommit();
  void write(1);
  await settled();
  const closed = sut.close();
  void write(2);
  await settled();
  batches[0]?.done.resolve();
  await closed;
  await settled();

  expect(Object.fromEntries(outcomes)).toEqual({ 1: 'committed', 2: 'service.draining' });
  expect(clock.pending).toBe(0);
});

it('commits every sound row once and gives the error to the poisoned alone, in any mixture and any rhythm', async () => {
  const writes = fc.array(fc.record({ poisoned: fc.boolean(), pause: fc.boolean() }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(writes, fc.integer({ min: 1, max: 16 }), async (plan, maxRows) => {
      const committed: number[] = [];
      const flush = async (rows: number[]) => {
        await settled();
        if (rows.some((row) => plan[row]?.poisoned)) throw uniqueViolation();
        committed.push(...rows);
      };
      const sut = new GroupCommit({ flush, maxRows, clock: new ManualClock() });

      const answers = [];
      for (const [row, { pause }] of plan.entries()) {
        answers.push(sut.write(row));
        if (pause) await settled();
      }
      const results = await Promise.allSettled(answers);

      expect(results.map(({ status }) => status)).toEqual(
        plan.map(({ poisoned }) => (poisoned ? 'rejected' : 'fulfilled')),
      );
      expect(committed).toEqual([...plan.keys()].filter((row) => !plan[row]?.poisoned));
    }),
    { numRuns: 100 },
  );
});
