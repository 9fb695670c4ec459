import { envelope, eventsExchange, type EventContract } from '@parley/contracts';
import { z } from 'zod';

/** The AsyncAPI 3.0 document of the events: a channel per type, its payload the CloudEvent with that type's data. */
export function asyncApiDocument(events: readonly EventContract[], version: string) {
  const schemas: Record<string, unknown> = {};
  const messages = events.map((event) => [event.type, messageOf(event, schemas)] as const);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parley events',
      version,
      description:
        `CloudEvents 1.0 on the durable topic exchange \`${eventsExchange}\`; the routing key is the event's type. ` +
        'Delivery is at least once: ignore an `id` that you have seen. Fields may be added within a version.',
    },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(events.map(({ type }) => [type, channelOf(type)])),
    operations: Object.fromEntries(
      events.map(({ type, summary }) => [type, { action: 'send', summary, channel: { $ref: `#/channels/${type}` } }]),
    ),
    components: { messages: Object.fromEntries(messages), schemas },
  };
}

const channelOf = (type: string) => ({
  address: type,
  messages: { event: { $ref: `#/components/messages/${type}` } },
  bindings: {
    amqp: {
      is: 'routingKey',
      exchange: { name: eventsExchange, type: 'topic', durable: true, vhost: '/' },
      bindingVersion: '0.3.0',
    },
  },
});

/** `schemas` receives the named schemas that the payload refers to. */
function messageOf({ type, summary, data }: EventContract, schemas: Record<string, unknown>) {
  const schema = z.toJSONSchema(envelope.extend({ type: z.literal(type), data }), {
    target: 'draft-7',
    io: 'input',
  });
  const { $schema, definitions, ...payload } = JSON.parse(
    JSON.stringify(schema).replaceAll('#/definitions/', '#/components/schemas/'),
  ) as typeof schema;
  Object.assign(schemas, definitions);
  return { name: type, summary, contentType: 'application/cloudevents+json', payload };
}
