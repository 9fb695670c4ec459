import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openHome } from '../home.ts';
import { groupLives } from '../processes/groups.ts';
import { Unit } from '../processes/unit.ts';
import type { Progress } from '../report.ts';
import { newHome, until } from './places.ts';

// Real: processes.
let place: ReturnType<typeof newHome>;
let told: Progress[];
let unit: Unit;
beforeEach(() => {
  place = newHome();
  openHome(place.home);
  told = [];
});
afterEach(async () => {
  await unit.stop();
  place.remove();
});

/** A unit that runs a shell script; it is ready when the script has written its log. */
function shellUnit(script: string, readyWithinMs = 5_000): Unit {
  unit = new Unit(
    place.home,
    {
      name: 'part',
      title: 'Part',
      detail: 'a shell script',
      readyWithinMs,
      probe: async () => {
        if (!readFileSync(join(place.home, 'logs/part.log'), 'utf8').includes('ready')) throw new Error('no word yet');
      },
      programs: async () => [{ name: 'part', command: 'sh', args: ['-c', script], env: {} }],
    },
    (progress) => told.push(progress),
  );
  return unit;
}

it('starts a unit again that ends by itself, and tells so', async () => {
  await shellUnit('echo ready; exec sleep 60').start();
  const first = unit.pid ?? 0;

  process.kill(first, 'SIGKILL');

  await until('started again', () => unit.state === 'ready' && unit.pid !== first);
  expect(unit.crashes).toBe(1);
  expect(told.find(({ kind }) => kind === 'trouble')?.note).toMatch(
    /^ended by itself \(SIGKILL\); starting it again in 0.5 s/,
  );
});

it('leaves a unit down that was stopped or killed on purpose', async () => {
  await shellUnit('echo ready; exec sleep 60').start();
  await unit.stop();
  expect(unit.state).toBe('stopped');

  await unit.start();
  await unit.kill9();

  expect(unit.state).toBe('stopped');
  expect(unit.pid).toBeUndefined();
  expect(told.filter(({ kind }) => kind === 'trouble')).toEqual([]);
});

it('ends the children of its processes with them', async () => {
  await shellUnit('trap "" TERM; sleep 60 & sleep 60 & echo ready; wait').start();
  const group = unit.pid ?? 0;

  await unit.kill9();

  expect(groupLives(group)).toBe(false);
});

it('says why when a unit ends while it is starting', async () => {
  const failure = 'Part ended while it was starting (exit code 3). It wrote last: no such luck. Its log: ';

  await expect(shellUnit('echo no such luck; exit 3').start()).rejects.toThrow(failure);
});

it('says what to do about a full disk', async () => {
  const script = 'echo "write: No space left on device" >&2; exit 1';

  await expect(shellUnit(script).start()).rejects.toThrow('The disk is full: free some space');
});

it('says so when a unit is not ready in time, and leaves nothing running', async () => {
  await expect(shellUnit('exec sleep 60', 200).start()).rejects.toThrow(
    'Part was not ready within 0.2 s (Error: no word yet)',
  );

  expect(unit.pid).toBeUndefined();
});

it('says so when its program is missing', async () => {
  unit = new Unit(
    place.home,
    {
      name: 'part',
      title: 'Part',
      detail: '',
      readyWithinMs: 1_000,
      probe: () => Promise.reject(new Error('never')),
      programs: async () => [{ name: 'part', command: '/no/such/program', args: [], env: {} }],
    },
    () => undefined,
  );

  await expect(unit.start()).rejects.toThrow('Part ended while it was starting (spawn /no/such/program ENOENT)');
});
