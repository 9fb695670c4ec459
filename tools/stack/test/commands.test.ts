import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { listenForCommands } from '../control/server.ts';
import type { Request, Status } from '../control/protocol.ts';
import { StackFailure } from '../failure.ts';
import { openHome } from '../home.ts';
import { newHome } from './places.ts';

// Real: the command line. Fake: the stack that answers it.
let place: ReturnType<typeof newHome>;
beforeEach(() => {
  place = newHome();
  openHome(place.home);
});
afterEach(() => place.remove());

/** `npm run stack -- …`, as its process ends. */
const stack = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, PARLEY_HOME: place.home, NO_COLOR: '1' };
    const main = join(import.meta.dirname, '../main.ts');
    const child = execFile(process.execPath, [main, ...args], { env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr: stderr.trim() }),
    );
  });

describe('without a running stack', () => {
  it.each([
    ['status'],
    ['env'],
    ['stop'],
    ['restart', 'auth'],
    ['scale', 'gateway', '2'],
    ['serve', 'auth'],
    ['run', 'auth', 'signing-keys'],
  ])('`%s` says that none runs and how to start one', async (...args) => {
    const { code, stdout, stderr } = await stack(...args);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Parley is not running: start it with `npm start`/);
  });
});

it.each([
  [['nonsense'], 'There is no command "nonsense".'],
  [['scale', 'gateway'], 'Something is missing: npm run stack -- scale <service> <n>'],
  [['scale', 'gateway', 'many'], 'The number of instances must be from 1 to 16, not "many".'],
  [['run', 'auth'], 'Something is missing: npm run stack -- run <service> <command>'],
  [['restart'], 'Something is missing: npm run stack -- restart <service>'],
  [['status', '--verbose'], "Unknown option '--verbose'"],
  [['logs', 'nobody'], 'There is no log of "nobody"'],
])('answers %j in one sentence', async (args, sentence) => {
  const { code, stderr } = await stack(...args);

  expect(code).toBe(1);
  expect(stderr).toContain(sentence);
  expect(stderr.split('\n')).toHaveLength(1);
});

it('lists the commands when it is given none', async () => {
  const { code, stdout } = await stack();

  expect(code).toBe(0);
  expect(stdout).toContain('npm run stack -- scale <service> <n>');
});

describe('with a running stack', () => {
  const status: Status = {
    pid: 4711,
    screen: {
      url: 'http://127.0.0.1:8000',
      apiKey: 'ply_x',
      adminEmail: 'a@b.example',
      adminPassword: 'p',
      offline: true,
      model: 'm',
    },
    env: { PARLEY_URL: 'http://127.0.0.1:8000', PARLEY_API_KEY: 'ply_x' },
    rows: [{ name: 'gateway-2', state: 'crashed', address: 'http://127.0.0.1:4100', pid: 12, crashes: 3 }],
  };
  let asked: Request[];
  let unlisten: () => void;
  beforeEach(async () => {
    asked = [];
    unlisten = await listenForCommands(place.home, async (request, report) => {
      asked.push(request);
      if (request.kind === 'restart') throw new StackFailure('There is no service "nope".');
      if (request.kind === 'scale') report({ part: 'gateway-2', kind: 'ready', note: 'port 4100' });
      return request.kind === 'status' ? status : null;
    });
  });
  afterEach(() => unlisten());

  it('`env` prints exports that a shell can evaluate, and nothing else', async () => {
    const { stdout } = await stack('env');

    const shell = spawnSync('sh', ['-ec', `${stdout}\necho "$PARLEY_URL $PARLEY_API_KEY"`], { encoding: 'utf8' });
    expect(shell.stdout).toBe('http://127.0.0.1:8000 ply_x\n');
    expect(
      stdout
        .trim()
        .split('\n')
        .every((line) => line.startsWith('export PARLEY_')),
    ).toBe(true);
  });

  it('`status` shows every part, where it is and how often it crashed', async () => {
    const { stdout } = await stack('status');

    expect(stdout).toMatch(/gateway-2 +crashed +http:\/\/127.0.0.1:4100 process 12, crashed 3 times/);
  });

  it('shows the progress of what it asked for', async () => {
    const { stdout } = await stack('scale', 'gateway', '2');

    expect(asked).toContainEqual({ kind: 'scale', service: 'gateway', count: 2 });
    expect(stdout).toContain('✓ gateway-2      port 4100');
  });

  it('passes on the sentence with which the stack refuses', async () => {
    expect(await stack('restart', 'nope')).toMatchObject({ code: 1, stderr: 'There is no service "nope".' });
  });
});
