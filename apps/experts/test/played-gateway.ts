import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A completion as it arrived. */
export interface AskedModel {
  readonly model: string;
  /** Whom the system prompt says it is for. */
  readonly expert: string;
  readonly user: string;
  readonly headers: IncomingMessage['headers'];
}

type Behaviour = (response: ServerResponse, asked: AskedModel) => void;

/** Stands in for the gateway at the level of the wire: what it answers is decided per expert. */
export interface PlayedGateway {
  readonly url: string;
  readonly asked: AskedModel[];
  /** Calls whose connection was closed before they were answered. */
  readonly givenUp: string[];
  models: string[];
  /** By the expert's id. Who is not named says `The answer.` */
  behave(behaviours: Readonly<Record<string, Behaviour>>): void;
  close(): Promise<void>;
}

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

const usage = {
  prompt_tokens: 100,
  completion_tokens: 50,
  prompt_tokens_details: { cached_tokens: 30, cache_write_tokens: 20 },
  completion_tokens_details: { reasoning_tokens: 40 },
};

/** Answers with this text. */
export const says =
  (content: string, headers: Record<string, string> = {}): Behaviour =>
  (response, { model }) =>
    json(response, 200, { id: 'c', model: `${model}-served`, choices: [{ message: { content } }], usage }, headers);

/** Fails as the gateway's OpenAI surface does. */
export const fails =
  (status: number, code: string): Behaviour =>
  (response) =>
    json(response, status, { error: { message: 'no', type: 'x', param: null, code } });

/** Never answers. */
export const hangs: Behaviour = () => undefined;

export async function playedGateway(): Promise<PlayedGateway> {
  let behaviours: Readonly<Record<string, Behaviour>> = {};
  const gateway = {
    url: '',
    asked: [] as AskedModel[],
    givenUp: [] as string[],
    models: ['circle', 'first', 'second'],
  };
  const server = createServer((request, response) => {
    if (request.url === '/v1/models') {
      json(response, 200, { object: 'list', data: gateway.models.map((id) => ({ id, object: 'model' })) });
      return;
    }
    void request.toArray().then((chunks) => {
      const asked = read(Buffer.concat(chunks).toString(), request.headers);
      gateway.asked.push(asked);
      response.once('close', () => {
        if (!response.writableFinished) gateway.givenUp.push(asked.expert);
      });
      (behaviours[asked.expert] ?? says('The answer.'))(response, asked);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  gateway.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(gateway, {
    behave: (next: typeof behaviours) => {
      behaviours = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

function read(body: string, headers: IncomingMessage['headers']): AskedModel {
  const { model, messages } = JSON.parse(body) as { model: string; messages: { role: string; content: string }[] };
  const contentOf = (role: string) => messages.find((message) => message.role === role)?.content ?? '';
  const expert = /^You are (\w+)\./.exec(contentOf('system'))?.[1] ?? '';
  return { model, expert, user: contentOf('user'), headers };
}
