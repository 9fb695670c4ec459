import { expect, it, jest } from '@jest/globals';
import { AppError } from '@parley/contracts';
import type { ServiceClient } from '@parley/service-client';
import type { Log } from '@parley/service-kit';
import { DocsService } from './docs.service.js';
import { services } from '../platform/services.js';

const document = { openapi: '3.1.0', info: { title: 'A service', version: 'v1' }, paths: {} };

function newDocs() {
  const log = { warn: jest.fn() };
  const client = { call: jest.fn<() => Promise<object>>() };
  client.call.mockResolvedValue(document);
  return { log, client, sut: new DocsService(client as unknown as ServiceClient, log as unknown as Log) };
}

it('the reference is written once for all who read it', async () => {
  const { sut, client } = newDocs();
  const [first, second] = [await sut.document(), await sut.document()];
  expect(JSON.parse(first)).toMatchObject({ openapi: '3.1.0', info: { title: 'Parley' } });
  expect(second).toBe(first);
  expect(client.call).toHaveBeenCalledTimes(services.length);
});

it('a service that does not describe its API is named in the reference and in the log', async () => {
  const { sut, client, log } = newDocs();
  const away = new AppError('service.unavailable');
  client.call.mockRejectedValueOnce(away);
  expect(JSON.parse(await sut.document())).toMatchObject({
    info: { description: expect.stringContaining(services[0]) },
  });
  expect(log.warn).toHaveBeenCalledWith({ err: away, service: services[0] }, expect.any(String));
});
