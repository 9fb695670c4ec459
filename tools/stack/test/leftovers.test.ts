import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openHome } from '../home.ts';
import { groupLives } from '../processes/groups.ts';
import { claimHome, releaseHome } from '../processes/owner.ts';
import { identify } from '../processes/process-id.ts';
import { newHome } from './places.ts';

// Real: processes, RabbitMQ with its epmd.
let place: ReturnType<typeof newHome>;
beforeEach(() => {
  place = newHome();
});
afterEach(() => {
  releaseHome(place.home);
  place.remove();
});

/** A stack of servers in a process of its own. */
async function startOwner(...wanted: string[]) {
  const script = join(import.meta.dirname, 'fixtures/owner.ts');
  const owner = spawn(process.execPath, [script, place.home, ...wanted], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(owner.stdout, 'data');
  return owner;
}

const recordedPids = (): number[] =>
  readdirSync(join(place.home, 'run'))
    .filter((file) => file.endsWith('.pid.json'))
    .map((file) => (JSON.parse(readFileSync(join(place.home, 'run', file), 'utf8')) as { pid: number }).pid);

it('ends every process that a stack killed by SIGKILL left behind, at the next start', async () => {
  const owner = await startOwner('redis', 'rabbitmq');
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  const pids = recordedPids();
  expect(pids).toHaveLength(3);
  expect(pids.filter(groupLives)).toEqual(pids);

  expect(await claimHome(place.home)).toEqual(expect.arrayContaining(['redis', 'rabbitmq', 'epmd']));

  expect(pids.filter(groupLives)).toEqual([]);
}, 60_000);

it('leaves a home alone that a living stack runs', async () => {
  const owner = await startOwner('redis');

  await expect(claimHome(place.home)).rejects.toThrow(`is in use by process ${owner.pid}`);
  expect(recordedPids().filter(groupLives)).toHaveLength(1);

  owner.kill('SIGKILL');
  await once(owner, 'exit');
  await claimHome(place.home);
});

it('never ends a process that was given the pid of one that is gone', async () => {
  const stranger = spawn('sleep', ['60'], { detached: true });
  const pid = stranger.pid ?? 0;
  openHome(place.home);
  const record = { name: 'redis', pid, startedAt: 'some other time', stopSignal: 'SIGTERM' };
  writeFileSync(join(place.home, 'run/redis.pid.json'), JSON.stringify(record));

  expect(await claimHome(place.home)).toEqual([]);

  expect(identify(pid)).toBeDefined();
  stranger.kill();
  await once(stranger, 'exit');
});

it('starts although a record was cut off by a crash', async () => {
  openHome(place.home);
  writeFileSync(join(place.home, 'run/redis.pid.json'), '{"name":"re');

  expect(await claimHome(place.home)).toEqual([]);
});
