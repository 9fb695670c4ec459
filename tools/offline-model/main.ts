/** Starts the offline model: `node tools/offline-model/main.ts [--host 127.0.0.1] [--port 4009]`, or PORT in the environment. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createOfflineModel } from './server.ts';

const defaultPort = '4009';

const { values } = parseArgs({
  // Not from HOST, which some shells set to the machine's name.
  options: { host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string' } },
});
const server = createOfflineModel();
server.listen(Number(values.port ?? process.env.PORT ?? defaultPort), values.host);
await once(server, 'listening');
console.log(`offline model ready on http://${values.host}:${(server.address() as AddressInfo).port}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
