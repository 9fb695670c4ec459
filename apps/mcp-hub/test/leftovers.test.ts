// Real: a process that runs servers as the hub does, its guard, and SIGKILL.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { silentLog } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import { ProcessGroup } from '../src/servers/process/process-group.js';
import { ProcessGuard } from '../src/servers/process/process-guard.js';
import { scripted } from './fixtures/servers.js';
import { isAlive, startServers } from './servers-under-test.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const allAlive = async (pids: readonly number[]) => (await Promise.all(pids.map(isAlive))).some(Boolean);

it('kill -9 of the hub leaves nothing of its servers, not even what ignores every signal and the end of its input', async () => {
  const entries = JSON.stringify({ one: scripted('stubborn'), two: scripted('stubborn') });
  const typescript = here('../../../libs/service-kit/test/child/typescript.mjs');
  const hub = spawn(
    process.execPath,
    ['--conditions=@parley/source', `--import=${typescript}`, here('child/main.ts'), entries],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const pids: number[] = [];
  createInterface(hub.stdout).on('line', (line) => pids.push(...(JSON.parse(line) as number[])));
  await eventually(() => expect(pids).toHaveLength(4), { timeoutMs: 60_000 });
  expect(await Promise.all(pids.map(isAlive))).toEqual([true, true, true, true]);

  hub.kill('SIGKILL');
  await once(hub, 'exit');

  await eventually(async () => expect(await allAlive(pids)).toBe(false), { timeoutMs: 5_000 });
}, 90_000);

it('a guard that is killed is replaced by one that knows of the same servers', async () => {
  const guard = new ProcessGuard(silentLog);
  guard.start();
  await guard.ready;
  const group = new ProcessGroup({ command: 'sleep', args: ['1000'], env: { PATH: process.env['PATH'] ?? '' } }, guard);
  const first = guard.pid ?? 0;
  const [sleep] = await childrenNamed('sleep');

  process.kill(first, 'SIGKILL');
  await eventually(() => {
    if (guard.pid === undefined || guard.pid === first) throw new Error('no new guard yet');
  });
  expect(await isAlive(sleep ?? 0)).toBe(true);
  guard.stop();

  await expect(group.ended).resolves.toBe('SIGKILL');
});

it('no server is started while there is no guard', async () => {
  await using sut = startServers({ one: scripted() });
  const [guard] = await childrenNamed('sh');
  await sut.untilRunning('one');

  // The server would be back after 250 ms, the guard is after a second.
  process.kill(guard ?? 0, 'SIGKILL');
  await expect(sut.call('one.exit')).rejects.toThrow();
  await eventually(() => expect(sut.servers.list()).toMatchObject([{ status: 'running', restarts: 1 }]));

  expect(await childrenNamed('sh')).toEqual([expect.any(Number)]);
});

/** Of this process, as Linux lists them. */
async function childrenNamed(name: string): Promise<number[]> {
  const pids = (await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')).trim().split(' ').map(Number);
  const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8')));
  return pids.filter((_, index) => names[index]?.trim() === name);
}
