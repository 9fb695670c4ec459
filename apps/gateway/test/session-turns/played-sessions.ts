import { json } from 'node:stream/consumers';
import type { InterruptTurnRequest, OpenTurnRequest } from '@parley/contracts';
import { startStub } from '../edge/stub-service.js';

/** How the sessions service is asked, as far as the tests look at it. */
interface Called {
  readonly step: string;
  readonly body: Partial<InterruptTurnRequest & OpenTurnRequest>;
}

/** Plays the sessions service: any session is there and has no messages, and every step of a turn is taken. */
export async function playSessions() {
  const calls: Called[] = [];
  const played = {
    calls,
    /** What the answers to checkpoints say. */
    stopping: false,
    /** Happens after a turn is open, and before its gateway knows. */
    onOpened: (() => undefined) as (turnId: string) => Promise<unknown> | undefined,
    of: (step: string) => calls.filter((call) => call.step === step).map(({ body }) => body),
  };
  const stub = await startStub((req, res) => {
    void (async () => {
      const step = req.url?.split('/').at(-1) ?? '';
      const body = (await json(req)) as Called['body'];
      calls.push({ step, body });
      if (step === 'turns') await played.onOpened(body.turn_id ?? '');
      const answer = step === 'turns' ? openedBy(body) : { ...(played.stopping && { stopping: true }) };
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    })();
  });
  return Object.assign(played, { url: stub.url, stop: () => stub.stop() });
}

const openedBy = ({ model, input }: Called['body']) => ({
  ...{ lease: 'secret', lease_ms: 15_000, project_id: null, model, context: input },
});
