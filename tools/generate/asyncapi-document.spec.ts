import { expect, it } from '@jest/globals';
import { defineEvent, events } from '@parley/contracts';
import { z } from 'zod';
import { asyncApiDocument } from './asyncapi-document.ts';

const goods = z.object({ weight_g: z.int() }).meta({ id: 'Goods' });
const shipped = defineEvent('shop.order.shipped.v1', 'An order was shipped', z.object({ goods, more: goods }));

it('describes a channel, an operation and a message for every event', () => {
  const document = asyncApiDocument(events, '1.2.3');
  const types = events.map(({ type }) => type);

  expect(document.info.version).toBe('1.2.3');
  expect(Object.keys(document.channels)).toEqual(types);
  expect(Object.keys(document.operations)).toEqual(types);
  expect(Object.keys(document.components.messages)).toEqual(types);
});

it('gives the whole envelope as payload, with the type as a constant and named schemas shared', () => {
  const { components } = asyncApiDocument([shipped], '1.0.0');

  expect(components.messages[shipped.type]).toMatchObject({
    payload: {
      properties: {
        type: { const: 'shop.order.shipped.v1' },
        tenantid: { format: 'uuid' },
        data: { properties: { goods: { $ref: '#/components/schemas/Goods' } } },
      },
    },
  });
  expect(components.schemas).toEqual({
    Goods: expect.objectContaining({ properties: { weight_g: expect.objectContaining({ type: 'integer' }) } }),
  });
});

it('lets fields be added within a version', () => {
  const { components } = asyncApiDocument([shipped], '1.0.0');

  expect(JSON.stringify(components)).not.toContain('"additionalProperties":false');
});
