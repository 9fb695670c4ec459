/** A hub that can be killed: the servers of its argument, and nothing else of it. Prints the answer of each server's family. */
import { startServers } from '../servers-under-test.js';

const entries = JSON.parse(process.argv[2] ?? '{}') as Record<string, object>;
const { servers, untilRunning, call } = startServers(entries);
for (const { id } of servers.all) {
  await untilRunning(id);
  console.log(await call(`${id}.family`));
}
