import { once } from 'node:events';
import { Agent, get, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it, jest } from '@jest/globals';
import { runChild } from './child/run-child.js';

// Real: a service in a process of its own, its signals, its sockets. It needs no server.
jest.setTimeout(120_000);

const keepAlive = () => new Agent({ keepAlive: true, maxSockets: 1 });

const ask = (url: string, agent: Agent, method = 'GET') =>
  new Promise<{ status: number | undefined; connection: string | undefined; body: unknown }>((resolve, reject) => {
    const done = (response: IncomingMessage) =>
      void json(response).then(
        (body) => resolve({ status: response.statusCode, connection: response.headers.connection, body }),
        reject,
      );
    request(url, { agent, method }, done).on('error', reject).end();
  });

describe('a service that is told to stop', () => {
  it('answers what is in flight, goes through its phases and exits with 0', async () => {
    await using child = runChild();
    const url = await child.url();
    const held = ask(`${url}/until-draining`, keepAlive());
    await child.untilLogged('holding');
    child.signal('SIGTERM');
    expect(await held).toMatchObject({ status: 200, body: { draining: true } });
    expect(await child.exited).toEqual({ code: 0, errors: '' });
    const order = child.messages().filter((msg) => /^(phase|draining|stopped)/.test(String(msg)));
    expect(order).toEqual(['draining', 'phase announce', 'phase intake', 'phase work', 'phase connections', 'stopped']);
  });

  it('says at once that it is not ready, but serves who comes until its door closes, and asks them to leave', async () => {
    await using child = runChild({ HOLD_ANNOUNCEMENT: '1' });
    const url = await child.url();
    const agent = keepAlive();
    expect(await ask(`${url}/health/ready`, agent)).toMatchObject({ status: 200, connection: 'keep-alive' });
    child.signal('SIGTERM');
    await child.untilLogged('phase announce');
    const draining = await ask(`${url}/health/ready`, agent);
    expect(draining).toMatchObject({ status: 503, connection: 'close', body: { status: 'down' } });
    expect(await ask(`${url}/health/live`, agent)).toMatchObject({ status: 200, connection: 'close' });
    expect(await ask(`${url}/announced`, agent, 'POST')).toMatchObject({ status: 201 });
    expect((await child.exited).code).toBe(0);
  });

  it('does not wait for connections that are merely open', async () => {
    await using child = runChild({ PARLEY_DRAIN_TIMEOUT_MS: '600000' });
    const agent = keepAlive();
    await ask(`${await child.url()}/health/live`, agent);
    child.signal('SIGINT');
    expect((await child.exited).code).toBe(0);
  });

  it('does not wait for connections on which nothing was ever asked', async () => {
    await using child = runChild({ PARLEY_DRAIN_TIMEOUT_MS: '600000' });
    const url = await child.url();
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    // Connections are accepted in their order.
    await ask(`${url}/health/live`, keepAlive());
    child.signal('SIGTERM');
    expect((await child.exited).code).toBe(0);
    socket.destroy();
  });

  it('cuts off what takes longer than the drain may', async () => {
    await using child = runChild({ PARLEY_DRAIN_TIMEOUT_MS: '50' });
    const held = ask(`${await child.url()}/forever`, keepAlive());
    await child.untilLogged('holding');
    child.signal('SIGTERM');
    await expect(held).rejects.toThrow('socket hang up');
    expect((await child.exited).code).toBe(0);
    expect(child.messages()).toContain('a phase of the shutdown took too long');
  });

  it('exits at once when it is told a second time', async () => {
    await using child = runChild({ HOLD_ANNOUNCEMENT: '1' });
    await child.url();
    child.signal('SIGTERM');
    await child.untilLogged('phase announce');
    child.signal('SIGTERM');
    expect((await child.exited).code).toBe(143);
    expect(child.messages()).not.toContain('stopped');
  });
});

describe('a service that still starts', () => {
  it('exits at once when it is told to stop', async () => {
    await using child = runChild({ HANG_AT_START: '1' });
    await child.untilLogged('hanging');
    child.signal('SIGTERM');
    expect((await child.exited).code).toBe(143);
  });
});

describe('a service that cannot go on', () => {
  it('exits with 78 where its configuration is bad, naming the variable and not its value', async () => {
    await using child = runChild({ PORT: 'hunter2' });
    const { code, errors } = await child.exited;
    expect(code).toBe(78);
    expect(errors).toMatch(/PORT: /);
    expect(errors).not.toContain('hunter2');
  });

  it('exits with 1 where its port is taken, and says so', async () => {
    await using first = runChild();
    const { port } = new URL(await first.url());
    await using second = runChild({ PORT: port });
    expect((await second.exited).code).toBe(1);
    expect(second.lines.at(-1)).toMatchObject({ level: 'fatal', err: { code: 'EADDRINUSE' } });
  });

  it('exits with 1 on an exception that nobody caught, after writing it down', async () => {
    await using child = runChild();
    get(`${await child.url()}/crash`).on('error', () => undefined);
    expect((await child.exited).code).toBe(1);
    expect(child.lines.at(-1)).toMatchObject({ level: 'fatal', err: { message: 'out of nowhere' } });
  });
});
