import { fileURLToPath } from 'node:url';
import { startPlatform, type Platform } from '../../../tools/stack/platform.ts';
import { serverNames } from '../../../tools/stack/servers/index.ts';
import { startChild, type Child } from '../child.ts';
import { startTogether, type Stoppable } from '../contest.ts';
import { newKey, recordOf } from '../key.ts';
import { installPeer, logFile } from '../peers.ts';
import { report } from '../tell.ts';

export interface Target {
  readonly name: 'floor' | 'portkey' | 'parley';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The processes that do its work, by name. */
  readonly pids: () => Readonly<Record<string, number>>;
}

export interface Upstream {
  readonly url: string;
  /** How long it thinks from now on: before each answer, and between a stream's first token and the rest. */
  delay(ms: number, restMs?: number): Promise<void>;
}

export interface Contest extends Stoppable {
  readonly targets: readonly Target[];
  /** What all of them ask; asked itself, it is what nothing can be faster than. */
  readonly upstream: Upstream;
  /** Calls that the platform's analytics has on record for this run. */
  readonly accounted: () => Promise<number>;
}

/** Portkey's gateway as published on npm. */
const peer = { name: '@portkey-ai/gateway', version: '1.15.2', program: 'build/start-server.js' };

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** All of them, running side by side, to be asked in turn. */
export const startContest = (): Promise<Contest> =>
  startTogether(async (keep) => {
    const upstream = keep(await startChild(script('upstream.ts'), { log: logFile('upstream') }));
    const env = { UPSTREAM: upstream.url };
    const floor = keep(await startChild(script('floor.ts'), { env, log: logFile('floor') }));
    const portkey = keep(await startPortkey());
    const platform = keep(await startParley(upstream.url));
    const key = await newKey(platform);
    return {
      upstream: {
        url: upstream.url,
        delay: async (ms, restMs = 0) => {
          await fetch(`${upstream.url}/${ms}/${restMs}`, { method: 'PUT' });
        },
      },
      targets: [
        { name: 'floor', url: floor.url, headers: {}, pids: () => ({ floor: floor.pid }) },
        {
          name: 'portkey',
          url: portkey.url,
          headers: portkeyHeaders(upstream.url),
          pids: () => ({ portkey: portkey.pid }),
        },
        {
          name: 'parley',
          url: platform.url,
          headers: { authorization: `Bearer ${key.key}` },
          pids: () => processesOf(platform),
        },
      ],
      accounted: async () => (await recordOf<{ requests: number }>(platform, key, 'usage')).requests,
    };
  });

async function startPortkey(): Promise<Child> {
  const program = await installPeer(peer, report);
  return startChild(program, { args: (port) => [`--port=${port}`, '--headless'], log: logFile('portkey') });
}

/** What tells Portkey to ask our upstream in Anthropic's wire format. */
const portkeyHeaders = (upstream: string): Record<string, string> => ({
  'x-portkey-provider': 'anthropic',
  'x-portkey-custom-host': `${upstream}/v1`,
  authorization: 'Bearer none',
});

/** As `npm start` runs it, from nothing: what an earlier run has left in the database would weigh on this one. */
const startParley = (upstream: string): Promise<Platform> =>
  startPlatform({ env: { ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: upstream }, report });

/** Services and servers alike; a server that somebody else runs is not counted. */
function processesOf({ instances, servers }: Platform): Record<string, number> {
  const parts = [...instances, ...serverNames.flatMap((name) => servers[name] ?? [])];
  return Object.fromEntries(parts.flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid]])));
}
