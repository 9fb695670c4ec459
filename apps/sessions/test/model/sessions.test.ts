/**
 * Real: two instances of the service, called where their controllers call, PostgreSQL with its three roles, Redis, RabbitMQ.
 * Fake: auth. `MODEL_RUNS` is how many runs (default 300), `MODEL_SEED` repeats them; what happens at the same time may
 * differ all the same.
 */
import { afterAll, beforeAll, it } from '@jest/globals';
import fc from 'fast-check';
import type { Known } from './choices.js';
import { commands } from './commands.js';
import { startInstances, Tenant, type Instances } from './instances.js';
import { emptySession, emptyWorld, withSession } from './tree.js';

const runs = Number(process.env['MODEL_RUNS'] ?? 300);
const seed = Number(process.env['MODEL_SEED'] ?? Date.now() % 1_000_000_000);
/** Of runs that are done at the same time: the database has another core. */
const lanes = 3;

let instances: Instances;

beforeAll(async () => {
  instances = await startInstances();
}, 60_000);

afterAll(() => instances.stop());

const name = `whatever is done to sessions, in whatever order, they are what a plain tree would be (${runs} runs, MODEL_SEED=${seed})`;

it(
  name,
  async () => {
    const property = fc.asyncProperty(commands(runs > 300 ? 40 : 15), async (sequence) => {
      const tenant = new Tenant(instances);
      await tenant.do({ kind: 'create', session: 's' });
      const known: Known = { world: withSession(emptyWorld, 's', emptySession), labels: 0 };
      await fc.asyncModelRun(() => ({ model: known, real: tenant }), sequence);
      for (const session of known.world.sessions.keys()) await tenant.do({ kind: 'delete', session });
    });
    const share = Math.ceil(runs / lanes);
    const all = Array.from({ length: lanes }, (_, lane) => fc.assert(property, { seed: seed + lane, numRuns: share }));
    // The servers are taken away only when all have ended.
    for (const ended of await Promise.allSettled(all)) if (ended.status === 'rejected') throw ended.reason;
  },
  // Half a second a run, on a machine that has other things to do.
  20_000 + runs * 500,
);
