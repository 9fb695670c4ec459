/** A hub that can be killed: the servers of its argument, and nothing else of it. Prints the answer of each server's family. */
import { startServers } from '../servers-under-test.js';

const entries = JSON.parse(process.argv[2] ?? '{}') as Record<string, object>;
const sut = startServers(entries);
for (const { id } of sut.servers.all) {
  await sut.untilRunning(id);
  console.log(await sut.call(`${id}.family`));
}
