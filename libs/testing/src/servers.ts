import { randomBytes } from 'node:crypto';

/** What the test servers' start put into the environment (tools/stack/servers). */
export function fromTestServers(
  name: 'DATABASE_URL' | 'REDIS_URL' | 'AMQP_URL' | 'CONSUL_URL' | 'RABBITMQCTL',
): string {
  const value = process.env[`PARLEY_TEST_${name}`];
  if (value !== undefined) return value;
  throw new Error(
    `PARLEY_TEST_${name} is not set: run the test with \`npm run -s jest -- <path>\`, which starts the servers`,
  );
}

/** Eight letters and digits that no other test has. */
export const uniqueSuffix = (): string => randomBytes(4).toString('hex');
