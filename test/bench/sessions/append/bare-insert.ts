import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { keepBusy } from '../../timings.ts';
import { work } from '../../worker.ts';

/**
 * The least that keeping a message costs: `bare-insert.ts <connections>`, each connection inserting one row after the
 * other, prepared, in a commit of its own. The rows go where BARE_DATABASE_URL says.
 */
const [connections = 1] = process.argv.slice(2).map(Number);
const body = JSON.stringify({ content: [{ type: 'text', text: process.env['BARE_TEXT'] ?? '' }] });
const insert = { name: 'bare', text: 'insert into bare_messages (id, session_id, role, body) values ($1, $2, $3, $4)' };

const clients = await Promise.all(
  Array.from({ length: connections }, async () => {
    const client = new Client({ connectionString: process.env['BARE_DATABASE_URL'] });
    await client.connect();
    return { client, session: randomUUID() };
  }),
);

work((seconds) =>
  keepBusy({ inFlight: connections, seconds }, async (worker) => {
    const { client, session } = clients[worker] ?? {};
    const stored = await client?.query({ ...insert, values: [randomUUID(), session, 'user', body] });
    return stored?.rowCount === 1;
  }),
);
