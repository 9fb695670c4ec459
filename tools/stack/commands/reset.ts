import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../control/client.ts';
import { claimHome, ownerOf, releaseHome } from '../processes/owner.ts';

/** What a stack keeps in its home. Anything else that lies there is not ours. */
const kept = ['postgres', 'redis', 'rabbitmq', 'consul', 'logs', 'secrets.json', 'run'];

/** `reset`: stops the stack and deletes its data, logs and secrets; the next start is a first one. */
export async function reset(home: string): Promise<void> {
  if (ownerOf(home)) await ask(home, { kind: 'stop' });
  if (existsSync(home)) {
    await claimHome(home);
    releaseHome(home);
    for (const name of kept.map((entry) => join(home, entry)).filter((path) => existsSync(path))) {
      // PostgreSQL's folder may be a link to where its account can reach it.
      rmSync(realpathSync(name), { recursive: true, force: true });
      rmSync(name, { recursive: true, force: true });
    }
  }
  console.log(`  The data in ${home} is gone. \`npm start\` begins anew.`);
}
