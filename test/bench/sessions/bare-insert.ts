import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/**
 * The least that keeping a message costs: `node bare-insert.ts <connections> <seconds>`, each connection inserting one
 * row after the other, prepared, in a commit of its own. Prints a Result; the rows go where BARE_DATABASE_URL says.
 */
const [connections = 1, seconds = 1] = process.argv.slice(2).map(Number);
const body = JSON.stringify({ content: [{ type: 'text', text: process.env['BARE_TEXT'] ?? '' }] });
const insert = { name: 'bare', text: 'insert into bare_messages (id, session_id, role, body) values ($1, $2, $3, $4)' };

const clients = await Promise.all(
  Array.from({ length: connections }, async () => {
    const client = new Client({ connectionString: process.env['BARE_DATABASE_URL'] });
    await client.connect();
    return client;
  }),
);
const latencies: number[] = [];
const until = performance.now() + seconds * 1_000;
await Promise.all(
  clients.map(async (client) => {
    const session = randomUUID();
    for (let began = performance.now(); began < until; began = performance.now()) {
      await client.query({ ...insert, values: [randomUUID(), session, 'user', body] });
      latencies.push(performance.now() - began);
    }
  }),
);
await Promise.all(clients.map((client) => client.end()));
latencies.sort((a, b) => a - b);
const percentile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
const good = latencies.length;
console.log(
  JSON.stringify({ good, bad: 0, perSecond: good / seconds, p50Ms: percentile(0.5), p99Ms: percentile(0.99) }),
);
