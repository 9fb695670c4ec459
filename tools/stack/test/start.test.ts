import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { workspace } from '../home.ts';
import { freePort, isFree } from '../ports.ts';
import { groupLives } from '../processes/groups.ts';
import { newHome, until } from './places.ts';

// Real: all of it, as a newcomer starts it.
const exec = promisify(execFile);
const main = join(import.meta.dirname, '../main.ts');
const place = newHome();
let env: NodeJS.ProcessEnv;
/** Every group leader that was ever recorded in the home. */
const everStarted = new Set<number>();

beforeAll(async () => {
  const base = await freeRange(30);
  env = { ...process.env, PARLEY_HOME: place.home, PARLEY_PORT: String(base + 29), PARLEY_PORT_BASE: String(base) };
  for (const name of Object.keys(env).filter((name) => /^(ANTHROPIC_|OPENAI_|PARLEY_PROVIDERS)/.test(name)))
    Reflect.deleteProperty(env, name);
});
afterAll(async () => {
  await stack('reset');
  place.remove();
}, 60_000);

async function freeRange(count: number): Promise<number> {
  for (;;) {
    const base = await freePort();
    const free = await Promise.all(Array.from({ length: count }, (_, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

const stack = async (...args: string[]) => (await exec(process.execPath, [main, ...args], { env })).stdout;

/** The stack in the foreground, once its screen is there. */
async function start(
  command: string,
  ...args: string[]
): Promise<{ readonly process: ChildProcess; readonly screen: string }> {
  const child = spawn(command, args, { env, cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const isUp = () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${output}`);
    return output.includes('Ctrl-C stops it');
  };
  await until('the screen', isUp, 150_000);
  for (const pid of recordedPids()) everStarted.add(pid);
  return { process: child, screen: stripVTControlCharacters(output) };
}

const recordedPids = (): number[] =>
  readdirSync(join(place.home, 'run'))
    .filter((file) => file.endsWith('.pid.json'))
    .map((file) => (JSON.parse(readFileSync(join(place.home, 'run', file), 'utf8')) as { pid: number }).pid);

const curlCommands = (screen: string): string[] => screen.split('\n').filter((line) => line.startsWith('curl '));
const paste = async (command: string) => (await exec('sh', ['-c', command])).stdout;

it('comes up with a screen whose three commands work when pasted, again with its data after a kill -9, and ends with npm', async () => {
  const first = await start(process.execPath, main, 'up');
  expect(first.screen).toContain('the offline model');
  const [ask, stream, usage] = curlCommands(first.screen) as [string, string, string];
  expect(JSON.parse(await paste(ask))).toMatchObject({
    object: 'chat.completion',
    choices: [{ finish_reason: 'stop' }],
  });
  expect(await paste(stream)).toContain('event: message_stop');
  await until('both calls are in the usage', async () => requestsIn(await paste(usage)) === 2);

  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  const leftBehind = [...everStarted].filter(groupLives);
  expect(leftBehind.length).toBeGreaterThan(0);
  const second = await start('npm', 'start');

  expect(second.screen).toContain('of an earlier run');
  expect(leftBehind.filter(groupLives)).toEqual([]);
  expect(curlCommands(second.screen)).toEqual([ask, stream, usage]);
  expect(requestsIn(await paste(usage))).toBe(2);

  // npm itself passes nothing on to what its shell has started.
  second.process.kill('SIGTERM');
  await until('everything has ended', () => ![...everStarted].some(groupLives), 60_000);
}, 300_000);

const requestsIn = (text: string): unknown => (JSON.parse(text) as { requests: unknown }).requests;

it('runs in the background, with more instances on request, each with its own way in, until it is stopped', async () => {
  expect(await stack('up', '--detach')).toContain('It runs in the background');
  for (const pid of recordedPids()) everStarted.add(pid);

  expect(await stack('scale', 'gateway', '2')).toContain('gateway runs 2 instances');
  const edges = [...(await stack('status')).matchAll(/clients: (http:\S+)\)/g)].map(([, url]) => url);
  expect(new Set(edges).size).toBe(2);
  for (const url of edges) expect((await fetch(`${url}/v1/models`)).status).toBe(401);
  expect(await stack('restart', 'analytics')).toContain('Restarted.');
  const [, key] = /PARLEY_API_KEY='(.+)'/.exec(await stack('env')) ?? [];
  for (const url of edges) {
    const headers = { authorization: `Bearer ${key ?? ''}` };
    expect((await fetch(`${url}/v1/analytics/usage`, { headers })).status).toBe(200);
  }
  expect(await stack('logs', 'gateway-2')).toContain('serving');
  for (const pid of recordedPids()) everStarted.add(pid);

  expect(await stack('up')).toContain('It was running already');
  await stack('stop');

  expect([...everStarted].filter(groupLives)).toEqual([]);
}, 180_000);
