import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPlatform } from '../../../tools/stack/platform.ts';
import type { Report } from '../../../tools/stack/report.ts';
import { startChild } from '../child.ts';
import { load, type Result } from '../load.ts';
import { callsOf, longTokens, newKey } from './key.ts';
import { installPeer } from './peer.ts';

export type ContenderName = 'stdio' | 'npm mcp-hub' | 'parley' | 'parley through the edge';

export interface Contender {
  readonly name: ContenderName;
  readonly run: (inFlight: number, seconds: number) => Promise<Result>;
}

export interface Contest {
  readonly contenders: readonly Contender[];
  /** Calls of this run that the platform's analytics has on record. */
  recorded(): Promise<number>;
  stop(): Promise<void>;
}

/** Peers are kept here between runs. */
const cache = join(homedir(), '.cache/parley/bench');
const readyWithinMs = 20_000;

/** The server that all of them call; each runs its own. */
const require = createRequire(new URL('../../../apps/mcp-hub/package.json', import.meta.url));
const serverName = '@modelcontextprotocol/server-everything';
const server = join(dirname(require.resolve(`${serverName}/package.json`)), 'dist/index.js');
const given = { message: 'hello' };
const expected = 'Echo: hello';

/** All of them, running side by side, to be asked in turn; when one cannot start, none is left. */
export async function startContest(report: Report): Promise<Contest> {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    const servers = writeServers();
    const peer = await startChild(await installPeer(join(cache, 'peers'), report), {
      args: (port) => ['--port', String(port), '--config', servers],
      log: join(cache, 'logs/npm-mcp-hub.log'),
    });
    started.push(peer);
    const platform = await startPlatform({ env: { MCP_SERVERS_FILE: servers, ...longTokens }, report });
    started.push(platform);
    const key = await newKey(platform);
    const hub = platform.service('mcp-hub').url;
    const npm = overHttp('npm mcp-hub', `${peer.url}/api/servers/tools`, {
      server_name: 'everything',
      tool: 'echo',
      arguments: given,
    });
    const invoke = '/v1/mcp/tools/everything.echo/invoke';
    const parley = overHttp('parley', hub + invoke, { arguments: given }, key.token);
    // By another key, so that the run's own has the run's calls alone.
    const tried = overHttp('parley', platform.url + invoke, { arguments: given }, platform.apiKey);
    for (const one of [npm, tried]) await untilAnswers(one);
    const edge = overHttp('parley through the edge', platform.url + invoke, { arguments: given }, key.key);
    return { contenders: [overStdio, npm, parley, edge], recorded: () => callsOf(platform, key), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function writeServers(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'parley-bench-')), 'servers.json');
  const everything = { command: process.execPath, args: [server] };
  writeFileSync(file, JSON.stringify({ mcpServers: { everything } }));
  return file;
}

const overStdio: Contender = {
  name: 'stdio',
  run: async (inFlight, seconds) => {
    const client = fileURLToPath(new URL('stdio-client.ts', import.meta.url));
    const args = [client, String(inFlight), String(seconds), server];
    return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout) as Result;
  },
};

const overHttp = (name: ContenderName, url: string, body: object, token?: string): Contender => ({
  name,
  run: (connections, seconds) =>
    load({
      url,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      expect: expected,
      connections,
      seconds,
    }),
});

/** A hub takes calls some time after it answers. */
async function untilAnswers({ name, run }: Contender): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while ((await run(1, 1)).good === 0) {
    if (Date.now() > deadline) throw new Error(`${name} calls no tool`);
    await sleep(100);
  }
}
