import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { Shutdown } from '@parley/service-kit';
import { lastValueFrom } from 'rxjs';
import { InboxRetention } from '../inbox/inbox-retention.js';
import { MessagingOptions } from '../messaging.options.js';
import { Consumers } from './consumers.js';
import type { Handler } from './processor.js';
import type { Verdict } from './verdict.js';

/** Nest's `@EventPattern` handlers on RabbitMQ. `connectEvents(app)` puts it in place. */
@Injectable()
export class EventsTransport extends Server implements CustomTransportStrategy, OnApplicationBootstrap {
  override readonly propagatesEventHandlerErrors = true;
  private readonly shared = new Map<string, Handler>();
  private readonly broadcast = new Map<string, Handler>();
  private connected = false;

  constructor(
    private readonly options: MessagingOptions,
    private readonly consumers: Consumers,
    private readonly retention: InboxRetention,
    shutdown: Shutdown,
  ) {
    super();
    shutdown.register('intake', () => consumers.drain());
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    const type = this.normalizePattern(pattern as string);
    if (!isEventHandler) throw new Error(`${type}: only @EventPattern handlers run on events, not @MessagePattern`);
    const handlers = extras['broadcast'] === true ? this.broadcast : this.shared;
    if (handlers.has(type)) throw new Error(`${type} has two handlers of one kind; let one of them call both`);
    handlers.set(type, (event) => this.verdictOf(type, callback(event)));
  }

  /** Checks that contracts and handlers match; consuming begins when the application has started. */
  listen(callback: () => void): void {
    const subscribed = new Set<string>(this.options.subscribes?.map((contract) => contract.type));
    const handled = new Set([...this.shared.keys(), ...this.broadcast.keys()]);
    const bare = [...subscribed].filter((type) => !handled.has(type));
    const undeclared = [...handled].filter((type) => !subscribed.has(type));
    if (bare.length > 0) throw new Error(`Subscribed, but without an @EventPattern handler: ${bare.join(', ')}`);
    if (undeclared.length > 0)
      throw new Error(`Handled, but not among the subscribed contracts: ${undeclared.join(', ')}`);
    this.connected = true;
    callback();
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.connected && this.options.subscribes?.length)
      throw new Error('Events have subscribers here, but connectEvents(app) was not called');
    await this.consumers.start(this.shared, this.broadcast);
    if (this.shared.size > 0) this.retention.start();
  }

  /** The drain has closed it already. */
  close(): void {
    return;
  }

  on(): never {
    throw new Error('This transport has no events of its own');
  }

  unwrap<T>(): T {
    return this.consumers as T;
  }

  private async verdictOf(type: string, answer: ReturnType<MessageHandler>): Promise<Verdict> {
    const verdict = (await lastValueFrom(this.transformToObservable(answer), { defaultValue: undefined })) as
      Verdict | undefined;
    if (verdict?.kind === undefined) throw new TypeError(`The handler of ${type} answered no verdict`);
    return verdict;
  }
}
