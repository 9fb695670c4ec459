import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Directions } from './directions.ts';
import type { Question } from './question.ts';
import type { Wire } from './wire.ts';

export interface Scene {
  readonly question: Question;
  readonly directions: Directions;
  readonly wire: Wire;
  readonly response: ServerResponse;
  /** The answer that would have been given: whole, or event by event. */
  readonly whole: () => string;
  readonly events: () => string[];
}

type Fault = (scene: Scene) => void;

const eventStream = { 'content-type': 'text/event-stream; charset=utf-8' };
const json = { 'content-type': 'application/json' };

/** Sends the first half of an answer and then does `next`. */
function half({ question, response, whole, events }: Scene, next: () => void): void {
  if (question.stream) {
    const all = events();
    response.writeHead(200, eventStream);
    response.write(all.slice(0, Math.ceil(all.length / 2)).join(''), next);
  } else {
    const text = whole();
    response.writeHead(200, { ...json, 'content-length': Buffer.byteLength(text) });
    response.write(text.slice(0, text.length / 2), next);
  }
}

const second = 1_000;

/** Sends the whole answer byte by byte, so that every character of more than one is split. */
async function drip({ question, response, directions, whole, events }: Scene): Promise<void> {
  response.writeHead(200, question.stream ? eventStream : json);
  for (const byte of Buffer.from(question.stream ? events().join('') : whole())) {
    if (response.destroyed) return;
    response.write(Uint8Array.of(byte));
    await sleep(directions.delayMs || second);
  }
  response.end();
}

/** Faults of the transport and of the answer’s form. Those of a status are numbers, and have no entry here. */
const faults: Readonly<Record<string, Fault>> = {
  garbage({ question, response }) {
    response.writeHead(200, question.stream ? eventStream : json);
    response.end(
      question.stream ? 'event: content_block_delta\ndata: {"type":"content_b\n\n' : '<html>It works!</html>',
    );
  },
  'wrong-shape'({ question, response }) {
    response.writeHead(200, question.stream ? eventStream : json);
    response.end(question.stream ? 'event: message_start\ndata: {"type":"message_start"}\n\n' : '{"answer":"42"}');
  },
  'half-stream': (scene) => half(scene, () => scene.response.destroy()),
  'short-stream': (scene) => half(scene, () => scene.response.end()),
  'stalled-stream': (scene) => half(scene, () => undefined),
  'error-event': (scene) => half(scene, () => scene.response.end(scene.wire.errorEvent())),
  drip: (scene) => void drip(scene),
  nothing: ({ response }) => response.destroy(),
  hang: () => undefined,
};

const sentences: Readonly<Record<string, string>> = {
  400: 'The script says that this request is wrong',
  401: 'The script says that this key is wrong',
  429: 'The script says that there were too many requests',
};

const failed = new Set<string>();
const maxRemembered = 10_000;

/** True the first time that this question is asked with this fault. */
function isFirstTime({ model, text }: Question, fault: string): boolean {
  const key = `${fault} ${model} ${text}`;
  if (failed.has(key)) return false;
  if (failed.size >= maxRemembered) failed.clear();
  failed.add(key);
  return true;
}

/** An error of that status; a fault that nobody knows is an error too, so that a script with a typo is noticed. */
function refuse({ directions: { retryAfter }, wire, response }: Scene, fault: string): void {
  const isStatus = /^[45]\d\d$/.test(fault);
  const status = isStatus ? Number(fault) : 400;
  const message = isStatus ? (sentences[fault] ?? `The script says ${fault}`) : `There is no fault "${fault}"`;
  response.writeHead(status, { ...json, ...(retryAfter !== undefined && { 'retry-after': retryAfter }) });
  response.end(wire.error(status, message));
}

/** Plays a scripted fault; false where the question is to be answered after all. */
export function playFault(scene: Scene): boolean {
  const { question, directions } = scene;
  if (directions.fault === undefined || directions.fault === 'refusal') return false;
  const once = directions.fault.startsWith('once-');
  const fault = once ? directions.fault.slice('once-'.length) : directions.fault;
  if (once && !isFirstTime(question, fault)) return false;
  (faults[fault] ?? ((one) => refuse(one, fault)))(scene);
  return true;
}
