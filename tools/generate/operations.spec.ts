import { expect, it } from '@jest/globals';
import { operationsByAccess } from './operations.ts';

it('sorts the operations of all services by who may call them, but for those that are not routed from outside', () => {
  const auth = {
    paths: {
      '/v1/roles': { get: { 'x-permission': 'roles:read' }, post: { 'x-permission': 'roles:write' } },
      '/internal/auth/exchange': { post: { 'x-permission': 'public' } },
    },
  };
  const gateway = { paths: { '/health': { get: { 'x-permission': 'public' } } } };

  const operations = operationsByAccess([auth, gateway].map((document) => JSON.stringify(document)));

  expect([...operations]).toEqual([
    ['roles:read', ['GET /v1/roles']],
    ['roles:write', ['POST /v1/roles']],
    ['public', ['GET /health']],
  ]);
});
