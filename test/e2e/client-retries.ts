import { describe, expect, it } from '@jest/globals';
import { countingFetch } from './questions.js';

/** A client that asks, by the script and through the fetch that it is given, and tries again by itself. */
export type Asking = (script: string, fetch: typeof globalThis.fetch) => PromiseLike<unknown>;

/** What an official client makes of failures that may pass, and of those that will not. */
export const describeRetries = (client: string, asking: Asking): void =>
  describe(`the retries of the official ${client} client`, () => {
    /** The status of the answer, and how many times it was asked for. */
    const ask = async (script: string) => {
      const { sent, fetch } = countingFetch();
      const status = await asking(script, fetch).then(
        () => 200,
        (error: unknown) => (error as { readonly status: number }).status,
      );
      return [status, sent.count];
    };

    it.concurrent.each(['409', '429', 'garbage'])('get an answer after a provider that gave %s once', async (fault) => {
      expect(await ask(`fault=once-${fault}`)).toEqual([200, 2]);
    });

    it('are two, where the failure lasts', async () => {
      expect(await ask('fault=429')).toEqual([429, 3]);
    });

    it.each([
      ['400', 400],
      ['401', 502],
      ['422', 422],
    ])('are spared where they would be in vain: a provider that answers %s', async (fault, status) => {
      expect(await ask(`fault=${fault}`)).toEqual([status, 1]);
    });
  });
