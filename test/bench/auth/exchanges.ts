import type { Platform } from '../../../tools/stack/platform.ts';
import { newKey, tokenOf } from '../key.ts';
import { load, type Turn } from '../load.ts';
import type { Contender } from '../rounds.ts';
import { connections } from './connections.ts';

export type Exchange = 'token' | 'key seen' | 'key new';

/** Of a round in which each key is presented for the first time. */
const keysOfRound = 750;
const roundsAndWarmUp = 4;

/** The cheapest of the gateway's own routes, through the edge: what differs is what the caller presents. */
export async function exchangesOf(platform: Platform): Promise<Contender<Exchange>[]> {
  const listing = { method: 'GET', url: `${platform.url}/v1/models`, expect: '"object":"list"', connections } as const;
  const by = (name: Exchange, credential: string): Contender<Exchange> => ({
    name,
    run: (seconds) => load({ ...listing, headers: { authorization: `Bearer ${credential}` }, seconds }),
  });
  const key = await newKey(platform);
  const unseen: Turn[] = [];
  const mint = async (): Promise<void> => {
    while (unseen.length < keysOfRound * roundsAndWarmUp) unseen.push({ credential: (await newKey(platform)).key });
  };
  await Promise.all(Array.from({ length: connections }, mint));
  return [
    by('token', await tokenOf(platform, key)),
    by('key seen', key.key),
    {
      name: 'key new',
      run: (seconds) => load({ ...listing, turns: unseen.splice(0, keysOfRound), once: true, seconds }),
    },
  ];
}
