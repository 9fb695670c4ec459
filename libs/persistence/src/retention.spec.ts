import { expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { Shutdown, silentLog } from '@parley/service-kit';
import { Retention, retentionBatch, type RetentionRule } from './retention.js';
import type { SystemDatabase } from './system-database.js';

const hourMs = 3_600_000;

/** `found` are the rows that one statement after the other finds; an error is a failed one. */
function newRetention(found: (number | Error)[], rules: RetentionRule[] = [{ sql: 'a' }]) {
  const clock = new ManualClock();
  const asked: [string, unknown][] = [];
  const query = async (sql: string, params: unknown) => {
    asked.push([sql, params]);
    const rows = found.shift() ?? 0;
    if (rows instanceof Error) throw rows;
    return Array.from({ length: rows });
  };
  const shutdown = new Shutdown(clock, silentLog);
  const database = { query } as unknown as SystemDatabase;
  return { sut: new Retention({ database, clock, log: silentLog, shutdown, rules }), asked, clock, shutdown };
}

it('repeats a rule until it finds less than a batch, then goes to the next', async () => {
  const { sut, asked } = newRetention([retentionBatch, 3, 0], [{ sql: 'a' }, { sql: 'b', params: () => [30] }]);
  expect(await sut.sweep()).toBe(retentionBatch + 3);
  expect(asked).toEqual([
    ['a', []],
    ['a', []],
    ['b', [30]],
  ]);
});

it('sweeps every hour, also after a sweep that failed', async () => {
  const { sut, asked, clock } = newRetention([new Error('the database is away')]);
  sut.start(1_000);
  await clock.advance(1_000);
  await clock.advance(hourMs);
  expect(asked).toHaveLength(2);
});

it('a drain ends it after the statement under way', async () => {
  let drained: Promise<void> | undefined;
  const drain = () => {
    drained = shutdown.run({ announceMs: 0, intakeMs: 0 });
    return [];
  };
  const { sut, asked, clock, shutdown } = newRetention([retentionBatch, retentionBatch], [{ sql: 'a', params: drain }]);
  sut.start(0);
  await clock.advance(0);
  await drained;
  await clock.advance(2 * hourMs);
  expect(asked).toHaveLength(1);
});
