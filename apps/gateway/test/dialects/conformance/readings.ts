import type { RecordingServer } from '../recording-server.ts';
import type { Form } from './feature.ts';
import { streamedAnswer, wholeAnswer } from './provider-wire.ts';
import type { Surface } from './surfaces.ts';
import type { Target } from './targets.ts';

/** What the client of a dialect reads of what a provider, played by the server, says. */
export type Reading = (said: Form, surface: Surface, target: Target, server: RecordingServer) => Promise<unknown>;

const { signal } = new AbortController();

export const wholeReading: Reading = async (said, surface, { wire, provider }, server) => {
  const { dialect, base } = surface;
  server.answer(JSON.stringify(wholeAnswer(wire, said)));
  const request = dialect.read(base, {});
  return surface.whole(dialect.answer(await provider.complete(request, { signal }), request));
};

export const streamedReading: Reading = async (said, surface, { wire, provider }, server) => {
  const { dialect, base, streaming } = surface;
  server.answer(streamedAnswer(wire, said), 'text/event-stream');
  const request = dialect.read({ ...base, ...streaming }, {});
  const encoder = dialect.encoder(request);
  let text = '';
  for await (const batch of provider.stream(request, { signal })) text += encoder.encode(batch);
  return surface.streamed(text + encoder.end());
};
