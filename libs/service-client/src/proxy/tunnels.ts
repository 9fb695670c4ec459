import { once } from 'node:events';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Directory } from '@parley/discovery';
import { Clock } from '@parley/service-kit';
import { wasNeverSent } from '../failure.js';
import { askUpgrade, type UpgradeAnswer, type UpgradeRequest } from './ask-upgrade.js';
import { endToEnd } from './headers.js';

/** Upgraded connections: each of a client is tied to one of an instance. */
@Injectable()
export class Tunnels {
  private readonly clients = new Set<Duplex>();

  constructor(
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves when the tunnel is closed, or the client has the instance's refusal.
   * @throws when no instance answers; nothing has been written to the client then.
   */
  async open(service: string, upgrade: UpgradeRequest): Promise<void> {
    // A client may reset its connection at any time; its close is what we act on.
    upgrade.socket.on('error', ignore);
    const answer = await this.answer(service, upgrade);
    if (answer.kind === 'refused') refuse(upgrade.socket, answer.message);
    else await this.join(upgrade, answer);
  }

  /** Ends all tunnels, on shutdown. */
  close(): void {
    for (const client of this.clients) client.destroy();
  }

  private async answer(service: string, upgrade: UpgradeRequest): Promise<UpgradeAnswer> {
    const tried = new Set<string>();
    for (;;) {
      const instance = this.directory.choose(service, tried);
      tried.add(instance.id);
      const startedAt = this.clock.now();
      try {
        const answer = await askUpgrade(instance, upgrade, this.clock);
        this.directory.report(instance, this.clock.now() - startedAt, true);
        return answer;
      } catch (error) {
        if (upgrade.socket.destroyed) this.directory.release(instance);
        else this.directory.report(instance, this.clock.now() - startedAt, false);
        const hasOther = this.directory.instances(service).some(({ id }) => !tried.has(id));
        if (upgrade.socket.destroyed || !wasNeverSent(error) || !hasOther) throw error;
      }
    }
  }

  private async join({ socket: client, head }: UpgradeRequest, answer: Accepted): Promise<void> {
    const { socket: instance, message } = answer;
    const both = [client, instance] as const;
    this.clients.add(client);
    const end = (): void => both.forEach((socket) => socket.destroy());
    for (const socket of both) {
      // Silence is the application's business, as are small frames.
      if (socket instanceof Socket) socket.setTimeout(0).setNoDelay(true);
      socket.on('error', ignore).once('close', end);
    }
    client.write(headOf('101 Switching Protocols', pairs(message.rawHeaders)));
    client.write(answer.head);
    instance.write(head);
    instance.pipe(client);
    client.pipe(instance);
    await once(client, 'close');
    this.clients.delete(client);
  }
}

type Accepted = Extract<UpgradeAnswer, { readonly kind: 'accepted' }>;

const ignore = (): void => undefined;

function refuse(client: Duplex, message: IncomingMessage): void {
  const status = message.statusCode ?? 502;
  const headers = Object.entries(endToEnd(message.headers)).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  client.write(headOf(`${status} ${STATUS_CODES[status] ?? ''}`, [...headers, ['connection', 'close']]));
  message.pipe(client);
}

const headOf = (status: string, headers: readonly (readonly [string, string])[]): string =>
  `HTTP/1.1 ${status}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;

/** Node's `rawHeaders`: name, value, name, value … */
const pairs = (raw: readonly string[]): [string, string][] =>
  Array.from({ length: raw.length / 2 }, (_, at) => [raw[2 * at] ?? '', raw[2 * at + 1] ?? '']);
