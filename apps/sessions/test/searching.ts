import { expect } from '@jest/globals';
import type { FoundMessage, FoundMessages } from '@parley/contracts';
import { eventually } from '@parley/testing';
import type { Caller } from './sessions-under-test.js';

type Search = Readonly<Record<string, string>>;

export const pathOf = (query: Search) => `/v1/sessions/search?${new URLSearchParams(query).toString()}`;

export const find = (caller: Caller, query: Search) => caller.ok<FoundMessages>('GET', pathOf(query));

/** Once so many are found, which they are soon after they were said. */
export const findAll = (caller: Caller, query: Search, count: number) =>
  eventually(async () => {
    const { data } = await find(caller, query);
    expect(data).toHaveLength(count);
    return data;
  });

/** What is shown of a message. */
export const textOf = ({ fragments }: FoundMessage) =>
  fragments.map((parts) => parts.map((part) => part.text).join('')).join(' … ');

export const matchesOf = ({ fragments }: FoundMessage) =>
  fragments.flatMap((parts) => parts.filter(({ match }) => match).map((part) => part.text));

/** A session of the caller in which this was said. */
export async function sayAll(caller: Caller, ...messages: readonly string[]): Promise<string> {
  const { id } = await caller.newSession({ name: 'A name' });
  for (const message of messages) await caller.append(id, message);
  return id;
}
