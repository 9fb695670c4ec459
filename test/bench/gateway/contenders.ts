import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPlatform, type Platform } from '../../../tools/stack/platform.ts';
import type { Report } from '../../../tools/stack/report.ts';
import { serverNames } from '../../../tools/stack/servers/index.ts';
import { startChild, type Child } from '../child.ts';
import { installPortkey, portkeyHeaders } from './portkey.ts';

export interface Contender {
  readonly name: 'floor' | 'portkey' | 'parley';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The processes that do its work, by name. */
  readonly pids: () => Readonly<Record<string, number>>;
}

export interface Contest {
  readonly contenders: readonly Contender[];
  /** Calls that the platform's analytics has on record for this run. */
  accounted(): Promise<number>;
  stop(): Promise<void>;
}

/** Peers are kept here between runs. */
const cache = join(homedir(), '.cache/parley/bench');
const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const log = (name: string) => join(cache, 'logs', `${name}.log`);

/** All of them, running side by side, to be asked in turn; when one cannot start, none is left. */
export async function startContest(report: Report): Promise<Contest> {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  const keep = <T extends { stop(): Promise<void> }>(part: T): T => {
    started.push(part);
    return part;
  };
  try {
    const upstream = keep(await startChild(script('upstream.ts'), { log: log('upstream') }));
    const env = { UPSTREAM: upstream.url };
    const floor = keep(await startChild(script('floor.ts'), { env, log: log('floor') }));
    const portkey = keep(await startPortkey(report));
    const platform = keep(await startParley(upstream.url, report));
    const key = await newKey(platform);
    return {
      contenders: [
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
      accounted: () => requestsOf(platform, key),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startPortkey(report: Report): Promise<Child> {
  const program = await installPortkey(join(cache, 'peers'), report);
  return startChild(program, { args: (port) => [`--port=${port}`, '--headless'], log: log('portkey') });
}

/** As `npm start` runs it, from nothing: what an earlier run has left in the database would weigh on this one. */
const startParley = (upstream: string, report: Report): Promise<Platform> =>
  startPlatform({ env: { ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: upstream }, report });

/** Services and servers alike; a server that somebody else runs is not counted. */
function processesOf({ instances, servers }: Platform): Record<string, number> {
  const parts = [...instances, ...serverNames.flatMap((name) => servers[name] ?? [])];
  return Object.fromEntries(parts.flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid]])));
}

interface NewKey {
  readonly id: string;
  readonly key: string;
}

/** A key of the run's own, so that its usage is the run's. */
async function newKey({ url, apiKey }: Platform): Promise<NewKey> {
  const response = await fetch(`${url}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench', requests_per_minute: 1_000_000 }),
  });
  if (!response.ok) throw new Error(`no key for the bench: ${response.status} ${await response.text()}`);
  return (await response.json()) as NewKey;
}

async function requestsOf({ url, apiKey }: Platform, { id }: NewKey): Promise<number> {
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${url}/v1/analytics/usage?api_key_id=${id}`, { headers });
  if (!response.ok) throw new Error(`analytics answers ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { requests: number }).requests;
}
