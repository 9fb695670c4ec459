import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fromTestServers, uniqueSuffix } from './servers.js';

const exec = promisify(execFile);

/** A virtual host of its own: exchanges and queues of the same names as in production, seen by nobody else. */
export interface TestAmqp {
  readonly url: string;
  /** Runs rabbitmqctl on this virtual host, e.g. `control('list_queues', 'name', 'messages')`. */
  control(command: string, ...args: readonly string[]): Promise<string>;
  /** A further user, without any permission: where it connects, and what `control('set_permissions', name, …)` calls it. */
  addUser(): Promise<{ readonly name: string; readonly url: string }>;
  drop(): Promise<void>;
}

/** Makes a fresh virtual host (about a second). Call it in `beforeAll`, `drop` in `afterAll`. */
export async function testAmqp(): Promise<TestAmqp> {
  const program = fromTestServers('RABBITMQCTL');
  const url = new URL(fromTestServers('AMQP_URL'));
  const name = `test-${uniqueSuffix()}`;
  const control = async (...args: readonly string[]) => (await exec(program, ['--quiet', ...args])).stdout;
  await control('add_vhost', name);
  await control('set_permissions', '--vhost', name, decodeURIComponent(url.username), '.*', '.*', '.*');
  url.pathname = `/${name}`;
  const users: string[] = [];
  const addUser = async () => {
    const [user, password] = [`test-${uniqueSuffix()}`, uniqueSuffix()];
    await control('add_user', user, password);
    users.push(user);
    return { name: user, url: Object.assign(new URL(url), { username: user, password }).href };
  };
  return {
    url: url.href,
    control: (command, ...args) => control(command, '--vhost', name, ...args),
    addUser,
    drop: async () => {
      for (const user of users) await control('delete_user', user);
      await control('delete_vhost', name);
    },
  };
}
