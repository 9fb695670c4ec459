import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { UsageRecord } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPlatform, type Platform } from '../../tools/stack/platform.ts';
import { databaseOf, query } from '../database.ts';
import type { StreamLoad } from './streams/load.ts';
import { watchMemory } from './streams/memory.ts';
import type { Seen } from './streams/read-stream.ts';

/** Real: a whole platform with one gateway process, and readers in processes of their own. Fake: the model provider. */
let platform: Platform;

const streams = 500;
/** How long each stream takes. */
const seconds = Number(process.env['LONG_STREAMS_SECONDS'] ?? 60);
const pauseMs = 100;
const mostAddedStallMs = 250;
/** Of what it took in the middle of the run; beyond are the collector's own ups and downs. */
const mostGrowth = 0.1;

jest.setTimeout(120_000 + seconds * 1_000);

beforeAll(async () => {
  platform = await startPlatform();
}, 240_000);

afterAll(() => platform.stop(), 60_000);

const program = fileURLToPath(new URL('streams/load.ts', import.meta.url));

async function load(url: string): Promise<Seen[]> {
  const words = (seconds * 1_000) / pauseMs;
  const options: StreamLoad = { url, key: platform.apiKey, streams, words, pauseMs };
  const run = promisify(execFile)(process.execPath, [program, JSON.stringify(options)], { maxBuffer: Infinity });
  return JSON.parse((await run).stdout) as Seen[];
}

const faultsOf = (seen: readonly Seen[]) => seen.flatMap(({ fault }) => fault ?? []);
const worstOf = (seen: readonly Seen[]) => Math.max(...seen.map(({ longestGapMs }) => longestGapMs));

async function recordsOf(seen: readonly Seen[]): Promise<UsageRecord[]> {
  const ids = seen.map(({ id }) => id);
  const sql = `select record from usage_records where record->>'request_id' = any($1)`;
  const rows = await query<{ record: UsageRecord }>(databaseOf(platform.env, 'gateway'), sql, [ids]);
  return rows.map(({ record }) => record);
}

it(`${streams} streams of ${seconds} s stall no more than straight from the provider, take no more memory with time, and are on record`, async () => {
  const gateway = platform.service('gateway').pid ?? NaN;
  const memory = watchMemory(gateway);
  // Side by side, so that whatever else the machine does meets both.
  const [straight, seen] = await Promise.all([load(platform.offlineModel?.url ?? ''), load(platform.url)]);
  const resident = memory.stop();

  expect(faultsOf(straight)).toEqual([]);
  expect(faultsOf(seen)).toEqual([]);
  expect(worstOf(seen) - worstOf(straight)).toBeLessThanOrEqual(mostAddedStallMs);

  const third = Math.floor(resident.length / 3);
  const [before, after] = [Math.max(...resident.slice(third, 2 * third)), Math.max(...resident.slice(2 * third))];
  expect(after / before).toBeLessThanOrEqual(1 + mostGrowth);

  // Each was committed before its end was sent.
  const found = await recordsOf(seen);
  expect(found).toHaveLength(streams);
  const records = new Map(found.map((record) => [record.request_id, record]));
  for (const { id, usage } of seen) {
    expect(records.get(id)).toMatchObject({
      outcome: 'completed',
      streamed: true,
      estimated: false,
      tokens: { input: usage?.prompt_tokens, output: usage?.completion_tokens },
    });
    expect(records.get(id)?.duration_ms).toBeGreaterThanOrEqual(seconds * 1_000);
  }
  await eventually(async () => expect(await counted()).toBe(streams), { timeoutMs: 30_000 });
});

/** Calls that analytics has; nobody else uses this platform. */
async function counted(): Promise<number> {
  const response = await fetch(`${platform.url}/v1/analytics/usage`, {
    headers: { authorization: `Bearer ${platform.apiKey}` },
  });
  return ((await response.json()) as { requests: number }).requests;
}
