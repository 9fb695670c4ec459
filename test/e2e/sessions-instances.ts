import { ask, askStatus } from '../../tools/stack/control/client.ts';

const home = process.env['PARLEY_HOME'] ?? '';

/**
 * The addresses of two sessions instances, which take access tokens as they come from the edge. They stay two: nobody
 * needs there to be one.
 */
export async function twoSessionsInstances(): Promise<readonly string[]> {
  await ask(home, { kind: 'scale', service: 'sessions', count: 2 });
  const { rows } = await askStatus(home);
  const addresses = rows.filter(({ name }) => /^sessions\b/.test(name)).map(({ address }) => address);
  if (addresses.length !== 2) throw new Error(`these are not two sessions instances: ${JSON.stringify(rows)}`);
  return addresses;
}
