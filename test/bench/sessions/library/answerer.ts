import { Client } from 'pg';
import { keepBusy } from '../../timings.ts';
import { work } from '../../worker.ts';
import type { Statement } from './questions.ts';

/**
 * Gives answers straight from the database: `answerer.ts <connections>`, each connection one answer after the other, its
 * statements prepared and sent together, the rows written out as the text of an answer. BARE_DATABASE_URL says where.
 */
const [connections = 1] = process.argv.slice(2).map(Number);
const clients = await Promise.all(
  Array.from({ length: connections }, async () => {
    const client = new Client({ connectionString: process.env['BARE_DATABASE_URL'] });
    await client.connect();
    return client;
  }),
);

let asked = 0;
work<readonly (readonly Statement[])[]>((seconds, turns) =>
  keepBusy({ inFlight: connections, seconds }, async (worker) => {
    const client = clients[worker];
    if (!client) return false;
    const statements = turns[(asked += 1) % turns.length] ?? [];
    const answers = await Promise.all(
      statements.map((statement) => client.query<object>({ ...statement, values: [...statement.values] })),
    );
    return JSON.stringify(answers.map(({ rows }) => rows)).length > 0;
  }),
);
