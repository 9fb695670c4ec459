/** Starts the offline model: `node tools/offline-model/main.ts [--port 4009]`, or PORT in the environment. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createOfflineModel } from './server.ts';

const defaultPort = '4009';

const { values } = parseArgs({ options: { port: { type: 'string' } } });
const server = createOfflineModel();
server.listen(Number(values.port ?? process.env.PORT ?? defaultPort), '127.0.0.1');
await once(server, 'listening');
console.log(`offline model ready on http://127.0.0.1:${(server.address() as AddressInfo).port}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
