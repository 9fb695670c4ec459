import type { Clock, Log } from '@parley/service-kit';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { backoffMs, type BrokerConnection } from './broker-connection.js';

export interface ManagedChannelOptions {
  readonly connection: BrokerConnection;
  /** Declares and consumes what the channel is for; runs on every new channel. */
  readonly setUp: (channel: ConfirmChannel) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when a new channel is open and set up. */
  readonly onReady?: () => void;
}

/** A confirm channel that is opened and set up again after each loss of itself or of its connection. */
export class ManagedChannel {
  /** Open and set up; undefined while it is not. */
  current: ConfirmChannel | undefined;
  private attempt = 0;
  private closed = false;
  private cancelReopen: (() => void) | undefined;

  constructor(private readonly options: ManagedChannelOptions) {
    options.connection.on('up', (model) => void this.open(model));
    if (options.connection.current) void this.open(options.connection.current);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.cancelReopen?.();
    await this.current?.close().catch(() => undefined);
  }

  /** Gives the channel up, so that what it holds unanswered is delivered again, on the next one. */
  reset(): void {
    const channel = this.current;
    this.current = undefined;
    void channel?.close().catch(() => undefined);
  }

  private async open(model: ChannelModel): Promise<void> {
    const { setUp } = this.options;
    try {
      const channel = await model.createConfirmChannel();
      channel.on('error', (err) => this.explain(err));
      channel.once('close', () => this.lost(model));
      await setUp(channel);
      this.current = channel;
      this.attempt = 0;
      this.options.onReady?.();
    } catch (err) {
      this.options.log.debug({ err }, 'a channel could not be set up');
      this.lost(model);
    }
  }

  /** The connection's own loss is followed by another `up`; here the channel alone was lost. */
  private lost(model: ChannelModel): void {
    this.current = undefined;
    const { connection, clock } = this.options;
    if (this.closed || this.cancelReopen || connection.current !== model) return;
    this.cancelReopen = clock.setTimeout(
      () => {
        this.cancelReopen = undefined;
        if (!this.closed && connection.current === model) void this.open(model);
      },
      1_000 + backoffMs(this.attempt++),
    );
  }

  private explain(err: Error): void {
    this.options.log.error(
      { err },
      err.message.includes('inequivalent arg') ? mismatch : 'the broker closed a channel; it is opened again',
    );
  }
}

const mismatch =
  'a queue or exchange exists with other arguments than this version declares: nothing is consumed until you let the ' +
  'version that made it empty it and then delete it (rabbitmqctl delete_queue), or run that version again';
