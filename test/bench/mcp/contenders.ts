import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startPlatform } from '../../../tools/stack/platform.ts';
import { startChild } from '../child.ts';
import { startTogether, type Stoppable } from '../contest.ts';
import { longTokens, newKey, recordOf, tokenOf } from '../key.ts';
import { load } from '../load.ts';
import { installPeer, logFile } from '../peers.ts';
import type { Contender } from '../rounds.ts';
import { report } from '../tell.ts';
import { startWorker } from '../worker.ts';

export type ContenderName = 'stdio' | 'npm mcp-hub' | 'parley' | 'parley through the edge';

export interface Contest extends Stoppable {
  readonly contenders: readonly Contender<ContenderName>[];
  /** Calls of this run that the platform's analytics has on record. */
  readonly recorded: () => Promise<number>;
}

export const inFlight = 16;

/** The hub that npm has under this name. */
const peer = { name: 'mcp-hub', version: '4.2.1', program: 'dist/cli.js' };
const readyWithinMs = 20_000;

/** The server that all of them call; each runs its own. */
const require = createRequire(new URL('../../../apps/mcp-hub/package.json', import.meta.url));
const serverName = '@modelcontextprotocol/server-everything';
const server = join(dirname(require.resolve(`${serverName}/package.json`)), 'dist/index.js');
const given = { message: 'hello' };
const expected = 'Echo: hello';

const script = fileURLToPath(new URL('stdio-client.ts', import.meta.url));

/** All of them, running side by side, to be asked in turn. */
export const startContest = (): Promise<Contest> =>
  startTogether(async (keep) => {
    const servers = writeServers();
    const hub = await startChild(await installPeer(peer, report), {
      args: (port) => ['--port', String(port), '--config', servers],
      log: logFile('npm-mcp-hub'),
    });
    keep(hub);
    const stdio = keep(await startWorker(script, { args: [String(inFlight), server] }));
    const platform = keep(await startPlatform({ env: { MCP_SERVERS_FILE: servers, ...longTokens }, report }));
    const key = await newKey(platform);
    const npm = overHttp('npm mcp-hub', `${hub.url}/api/servers/tools`, {
      server_name: 'everything',
      tool: 'echo',
      arguments: given,
    });
    const invoke = '/v1/mcp/tools/everything.echo/invoke';
    const straight = platform.service('mcp-hub').url + invoke;
    const parley = overHttp('parley', straight, { arguments: given }, await tokenOf(platform, key));
    const edge = overHttp('parley through the edge', platform.url + invoke, { arguments: given }, key.key);
    await untilCalls(npm);
    // By another key, so that the run's own has the run's calls alone.
    await untilCalls(overHttp('parley', platform.url + invoke, { arguments: given }, platform.apiKey));
    const recorded = async () => (await recordOf<{ calls: number }>(platform, key, 'tools')).calls;
    return { contenders: [{ name: 'stdio', run: stdio.run }, npm, parley, edge], recorded };
  });

function writeServers(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'parley-bench-')), 'servers.json');
  const everything = { command: process.execPath, args: [server] };
  writeFileSync(file, JSON.stringify({ mcpServers: { everything } }));
  return file;
}

const overHttp = (name: ContenderName, url: string, body: object, token?: string): Contender<ContenderName> => ({
  name,
  run: (seconds) =>
    load({
      url,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
      expect: expected,
      connections: inFlight,
      seconds,
    }),
});

/** A hub takes calls some time after it answers. */
async function untilCalls({ name, run }: Contender): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while ((await run(1)).good === 0) {
    if (Date.now() > deadline) throw new Error(`${name} calls no tool`);
    await sleep(100);
  }
}
