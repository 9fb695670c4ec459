import { fileURLToPath } from 'node:url';
import { startPlatform } from '../../../../tools/stack/platform.ts';
import { startChild } from '../../child.ts';
import { startTogether, type Stoppable } from '../../contest.ts';
import { question } from '../../gateway/wire.ts';
import { ask, longTokens, newKey, tokenOf } from '../../key.ts';
import { logFile } from '../../peers.ts';
import { report } from '../../tell.ts';
import type { Stream } from './follow.ts';

/** One session: its answer as the gateway's caller gets it, and as anybody reads it along. */
export interface LiveSession {
  readonly caller: Stream;
  readonly reader: Stream;
}

export interface Contest extends Stoppable {
  /** Sessions in which nothing was said. */
  readonly newSessions: (count: number) => Promise<LiveSession[]>;
}

/** Of the provider, which gives each word as an event of its own. */
export const betweenWordsMs = 300;

const upstreamScript = fileURLToPath(new URL('../../gateway/upstream.ts', import.meta.url));

/** The platform as `npm start` runs it: one gateway, one instance of sessions, both asked straight. */
export const startContest = (): Promise<Contest> =>
  startTogether(async (keep) => {
    const upstream = keep(await startChild(upstreamScript, { log: logFile('upstream') }));
    await fetch(`${upstream.url}/0/0/${betweenWordsMs}`, { method: 'PUT' });
    const provider = { ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: upstream.url };
    const platform = keep(await startPlatform({ env: { ...longTokens, ...provider }, report }));
    const token = await tokenOf(platform, await newKey(platform));
    const headers = { authorization: `Bearer ${token}` };
    const [gateway, sessions] = [platform.service('gateway').url, platform.service('sessions').url];
    const newSession = async (): Promise<LiveSession> => {
      const { id } = await ask<{ id: string }>(`${sessions}/v1/sessions`, token, {});
      return {
        caller: {
          url: `${gateway}/v1/chat/completions`,
          headers: { ...headers, 'x-parley-session': id },
          body: question(true),
          end: 'data: [DONE]',
        },
        reader: { url: `${sessions}/v1/sessions/${id}/events`, headers, end: '"type":"done"' },
      };
    };
    return {
      newSessions: async (count) => {
        const made: LiveSession[] = [];
        while (made.length < count) made.push(await newSession());
        return made;
      },
    };
  });
