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
/** Each part of the run is looked at by itself, so that a stall of all streams shows among hundreds of thousands of words. */
const wordsAtOnce = 5_000 / pauseMs;
/** Of what it took in the middle third of the run; beyond are the collector's own ups and downs. */
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

/** So much of the numbers is not above the one that this gives. */
const quantile = (numbers: readonly number[], share: number) =>
  numbers.toSorted((a, b) => a - b)[Math.ceil(numbers.length * share) - 1] ?? NaN;

/** What one word in a thousand waited for longer than, in the worst part of the run: no single reader's bad luck decides. */
function stallOf(seen: readonly Seen[]): number {
  const parts = Array.from({ length: Math.ceil((seconds * 1_000) / pauseMs / wordsAtOnce) }, (_, part) =>
    seen.flatMap(({ gapsMs }) => gapsMs.slice(part * wordsAtOnce, (part + 1) * wordsAtOnce)),
  );
  return Math.max(...parts.map((gaps) => quantile(gaps, 0.999)));
}

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
  expect(stallOf(seen) - stallOf(straight)).toBeLessThanOrEqual(mostAddedStallMs);

  const third = Math.floor(resident.length / 3);
  const before = quantile(resident.slice(third, 2 * third), 0.5);
  const after = quantile(resident.slice(2 * third), 0.5);
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
