import type { ConfirmChannel, Options } from 'amqplib';

/** Sends a persistent message to one queue; resolves when the broker has it safe, rejects when it does not take it. */
export function sendConfirmed(
  channel: ConfirmChannel,
  queue: string,
  content: Buffer,
  properties: Options.Publish,
): Promise<void> {
  return confirmed((done) => channel.sendToQueue(queue, content, { ...properties, persistent: true }, done));
}

/** The broker's answer to one publish, as a promise. */
export const confirmed = (publish: (done: (error: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    publish((error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
