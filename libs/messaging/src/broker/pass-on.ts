import type { Message, Options } from 'amqplib';

/** What amqplib types as `any`, in the part that travels with a message to its next queue. */
type Travelling = Pick<Options.Publish, 'contentType' | 'messageId' | 'type' | 'appId' | 'timestamp'>;

export const headersOf = (message: Message): Readonly<Record<string, unknown>> => message.properties.headers ?? {};

export const propertiesOf = ({ properties }: Message): Travelling => properties;

/**
 * The properties of a message that is sent on, with these headers. Of its own headers only the trace goes along: by the
 * broker's the message would seem to run in a circle, and be dropped.
 */
export function passOn(message: Message, headers: Readonly<Record<string, unknown>>): Options.Publish {
  const { contentType, messageId, type, appId, timestamp } = propertiesOf(message);
  const { traceparent } = headersOf(message);
  const trace = traceparent === undefined ? {} : { traceparent };
  return withoutUndefined({ contentType, messageId, type, appId, timestamp, headers: { ...trace, ...headers } });
}

const withoutUndefined = (properties: object): Options.Publish =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
