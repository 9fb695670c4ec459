import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { defineRoute } from '@parley/contracts';
import { z } from 'zod';
import { assemble, deadAddress, listening, Open } from './assembly.js';

const whoAreYou = defineRoute({
  service: 'auth',
  method: 'GET',
  path: '/internal/name',
  response: z.strictObject({ name: z.string() }),
});
const named =
  (name: string): RequestListener =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ name }));
  };

/** Real: HTTP servers and connections. The addresses are configured ones. */
describe('a call to one instance', () => {
  const open = new Open();
  afterEach(() => open.close());

  it('goes there, however often, and to no other', async () => {
    const servers = await Promise.all(['a', 'b'].map((name) => listening(open, named(name))));
    const { client, directory } = await assemble(
      open,
      servers.map(({ url }) => url),
    );
    const [a, b] = directory.instances('auth');
    if (!a || !b) throw new Error('the two servers are not known');
    const ask = async (instance: typeof a) => (await client.call(whoAreYou, { instance })).name;
    const answers = await Promise.all([a, b, a, a, b].map(ask));
    expect(answers).toEqual(['a', 'b', 'a', 'a', 'b']);
  });

  it('fails where that one does not answer, though another would', async () => {
    const alive = await listening(open, named('alive'));
    const dead = await deadAddress(open);
    const { client, directory, breakers } = await assemble(open, [dead, alive.url]);
    const [instance] = directory.instances('auth');
    if (!instance) throw new Error('the address is not known');
    await expect(client.call(whoAreYou, { instance })).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(breakers.list()).toEqual([
      expect.objectContaining({
        name: `auth/${instance.id}`,
        named_by_caller: false,
        counts: expect.objectContaining({ calls: 3, failures: 3 }),
      }),
    ]);
  });
});
