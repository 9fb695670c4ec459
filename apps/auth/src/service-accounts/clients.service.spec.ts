import { randomUUID } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@parley/service-kit';
import { secretIdOf } from '../tokens/secret-id.js';
import { digestOf, mintClientSecret } from './client-secret.js';
import { Clients } from './clients.service.js';
import type { ServiceAccountsRepository, StoredClient } from './service-accounts.repository.js';

const secret = mintClientSecret();
const stored: StoredClient = {
  id: randomUUID(),
  tenantId: randomUUID(),
  current: digestOf(secret),
  previous: null,
  previousExpiresAt: null,
};

function newClients() {
  const findClient = jest.fn(async (id: string) => (id === stored.id ? stored : undefined));
  const sut = new Clients({ findClient } as unknown as ServiceAccountsRepository, systemClock);
  return { sut, findClient };
}

describe('a client', () => {
  it('that shows its secret is told with its tenant, its secret’s id, and nothing of what is stored', async () => {
    const { sut } = newClients();
    expect(await sut.authenticate(stored.id, secret)).toEqual({
      id: stored.id,
      tenantId: stored.tenantId,
      ancestors: [secretIdOf(stored.current)],
    });
  });

  it.each([
    ['shows a wrong secret', stored.id],
    ['does not exist', randomUUID()],
    ['cannot exist', 'no id'],
  ])('that %s is refused, after one look-up', async (_, id) => {
    const { sut, findClient } = newClients();
    expect(await sut.authenticate(id, mintClientSecret())).toBeUndefined();
    expect(findClient).toHaveBeenCalledTimes(1);
  });
});
