import { expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { silentLog } from '../log/create-log.js';
import { Shutdown } from '../shutdown/shutdown.js';
import { RecurringTask } from './recurring-task.js';

const times = { announceMs: 0, intakeMs: 0 };

function newTask(run: () => Promise<unknown>) {
  const clock = new ManualClock();
  const shutdown = new Shutdown(clock, silentLog);
  const sut = new RecurringTask({ clock, log: silentLog, shutdown, everyMs: 1_000, run, complaint: 'it failed' });
  return { sut, clock, shutdown };
}

it('runs so long after the last run has ended, also one that failed', async () => {
  const runs: PromiseWithResolvers<undefined>[] = [];
  const { sut, clock } = newTask(() => {
    const run = Promise.withResolvers<undefined>();
    runs.push(run);
    return run.promise;
  });
  sut.start(10);
  await clock.advance(10);
  await clock.advance(5_000);
  expect(runs).toHaveLength(1);

  runs[0]?.reject(new Error('the database is away'));
  await clock.advance(999);
  expect(runs).toHaveLength(1);
  await clock.advance(1);
  expect(runs).toHaveLength(2);
});

it('a drain waits for the run under way, and none comes after it', async () => {
  const run = Promise.withResolvers<undefined>();
  let runs = 0;
  const { sut, clock, shutdown } = newTask(() => {
    runs += 1;
    return run.promise;
  });
  sut.start();
  await clock.advance(1_000);
  let drained = false;
  const drain = shutdown.run(times).then(() => (drained = true));
  await clock.advance(0);
  expect(drained).toBe(false);

  run.resolve(undefined);
  await drain;
  await clock.advance(5_000);
  expect(runs).toBe(1);
});

it('a drain before the first run leaves it out', async () => {
  let runs = 0;
  const { sut, clock, shutdown } = newTask(async () => (runs += 1));
  sut.start();
  await shutdown.run(times);
  await clock.advance(5_000);
  expect(runs).toBe(0);
});
