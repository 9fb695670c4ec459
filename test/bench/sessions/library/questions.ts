import { encodeCursor } from '@parley/contracts';
import type { Place, Words } from './places.ts';

/** Prepared under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** One answer, twice: over HTTP, and as rows of the same ids in the same order. */
export interface Turn {
  readonly path: string;
  readonly statements: readonly Statement[];
}

export interface Question {
  readonly name: string;
  /** What fits equally well is in any order. */
  readonly ranked?: boolean;
  readonly turns: readonly Turn[];
}

const limit = 50;

interface Listing {
  readonly name: string;
  readonly asked: (place: Place) => Readonly<Record<string, string>>;
  /** On `bench.sessions`, a copy with the index that fits each; `$1` is the tenant, `values` are the others. */
  readonly where: string;
  readonly values: (place: Place) => readonly unknown[];
  readonly order?: string;
}

const behind = (sort: string, key: string, { id }: Place) => ({ sort, cursor: encodeCursor([sort, key, id]) });

/** From anywhere in each order, and newest first with each filter. */
const listings: readonly Listing[] = [
  {
    name: 'newest',
    asked: (place) => behind('-created', '', place),
    where: 'id < $2',
    values: ({ id }) => [id],
  },
  {
    name: 'oldest',
    asked: (place) => behind('created', '', place),
    where: 'id > $2',
    values: ({ id }) => [id],
    order: 'id',
  },
  {
    name: 'last changed',
    asked: (place) => behind('-updated', place.updated, place),
    where: '(updated_at, id) < ($2, $3)',
    values: ({ updated, id }) => [updated, id],
    order: 'updated_at desc, id desc',
  },
  {
    name: 'first changed',
    asked: (place) => behind('updated', place.updated, place),
    where: '(updated_at, id) > ($2, $3)',
    values: ({ updated, id }) => [updated, id],
    order: 'updated_at, id',
  },
  {
    name: 'by name',
    asked: (place) => behind('name', place.nameKey, place),
    where: '(name_key, id) > ($2, $3)',
    values: ({ nameKey, id }) => [nameKey, id],
    order: 'name_key, id',
  },
  {
    name: 'by name, turned round',
    asked: (place) => behind('-name', place.nameKey, place),
    where: '(name_key, id) < ($2, $3)',
    values: ({ nameKey, id }) => [nameKey, id],
    order: 'name_key desc, id desc',
  },
  {
    name: 'of a project',
    asked: ({ project }) => ({ project_id: project }),
    where: 'project_id = $2',
    values: ({ project }) => [project],
  },
  { name: 'active', asked: () => ({ status: 'active' }), where: 'status = $2', values: () => ['active'] },
  {
    name: 'of one model in five',
    asked: () => ({ model: 'claude-sonnet-5-5' }),
    where: 'model = $2',
    values: () => ['claude-sonnet-5-5'],
  },
  { name: 'of a model in none', asked: () => ({ model: 'o1' }), where: 'model = $2', values: () => ['o1'] },
  { name: 'with a common tag', asked: () => ({ tag: 'chat' }), where: 'tags @> $2', values: () => [['chat']] },
  {
    name: 'with a rare tag',
    asked: ({ rareTag }) => ({ tag: rareTag }),
    where: 'tags @> $2',
    values: ({ rareTag }) => [[rareTag]],
  },
  {
    name: 'with a common text',
    asked: ({ name }) => ({ text: name.slice(0, 3).toUpperCase() }),
    where: 'name_key like $2',
    values: ({ nameKey }) => [`%${nameKey.slice(0, 3)}%`],
  },
  {
    name: 'with a rare text',
    asked: ({ name }) => ({ text: name }),
    where: 'name_key like $2',
    values: ({ nameKey }) => [`%${nameKey}%`],
  },
  {
    name: 'made since',
    asked: ({ updated }) => ({ created_after: updated, sort: 'created' }),
    where: 'created_at >= $2',
    values: ({ updated }) => [updated],
    order: 'id',
  },
];

/** What `bench.sessions` is found by: for each question the index that it would have if nothing else mattered. */
export const bareIndexes = [
  'alter table bench.sessions add primary key (tenant_id, id)',
  'create index on bench.sessions (tenant_id, updated_at, id)',
  'create index on bench.sessions (tenant_id, name_key, id)',
  'create index on bench.sessions (tenant_id, project_id, id)',
  'create index on bench.sessions (tenant_id, status, id)',
  'create index on bench.sessions (tenant_id, model, id)',
  'create index on bench.sessions (tenant_id, created_at)',
  'create index on bench.sessions using gin (tags)',
  'create extension if not exists pg_trgm',
  'create index on bench.sessions using gin (name_key gin_trgm_ops)',
];

const sessionColumns = `tenant_id, id, project_id, name, model, tags, status, created_at, updated_at, last_active_at, archived_at`;
const messageColumns = `id, parent_id, turn_id, role, body, status, model, tokens, stop, created_at`;

const statement = (name: string, text: string, values: readonly unknown[]): Statement => ({ name, text, values });

const searches: readonly (readonly [name: string, wordOf: (words: Words) => string])[] = [
  ['a word of one message', ({ one }) => one],
  ['a word of one message in six hundred', ({ rare }) => rare],
  ['a word of one message in eight', ({ common }) => common],
];

/** The newest 500 that have a word of one tenant's, best first: what the service answers, by the same index. */
const found = `select id, session_id, role, created_at, rank, text from (
    select message_id as id, session_id, role, created_at, text, ts_rank_cd(words, to_tsquery('parley_words', $2), 1) as rank
    from message_texts where words @@ to_tsquery('parley_words', $2) and windows && array[search_window($1, 0, now())]
    order by created_at desc, message_id desc limit 500) newest
  order by rank desc, created_at desc limit 20`;

const searchesOf = (tenant: string, words: readonly Words[]): Question[] =>
  searches.map(([name, wordOf]) => ({
    name: `search, ${name}`,
    ranked: true,
    turns: words.map((each) => ({
      path: `/v1/sessions/search?q=${wordOf(each)}`,
      statements: [statement('found', found, [tenant, wordOf(each)])],
    })),
  }));

export function questionsOf(tenant: string, places: readonly Place[], words: readonly Words[]): Question[] {
  const lists = listings.map(({ name, asked, where, values, order = 'id desc' }) => ({
    name: `list, ${name}`,
    turns: places.map((place) => ({
      path: `/v1/sessions?${new URLSearchParams(asked(place)).toString()}`,
      statements: [
        statement(
          name,
          `select ${sessionColumns} from bench.sessions where tenant_id = $1 and ${where} order by ${order} limit ${limit + 1}`,
          [tenant, ...values(place)],
        ),
      ],
    })),
  }));
  const one = `select ${sessionColumns} from bench.sessions where tenant_id = $1 and id = $2`;
  const said = `select ${messageColumns} from messages where session_id = $2 and tenant_id = $1`;
  const reads = [
    {
      name: 'read, a session with its newest messages',
      turns: places.map(({ id }) => ({
        path: `/v1/sessions/${id}`,
        statements: [
          statement('one', one, [tenant, id]),
          statement(
            'newest messages',
            `select * from (${said} and position is not null order by position desc limit 1000) newest order by created_at`,
            [tenant, id],
          ),
        ],
      })),
    },
    {
      name: 'read, a page of messages',
      turns: places.map(({ id }) => ({
        path: `/v1/sessions/${id}/messages?limit=20&cursor=${encodeCursor([9])}`,
        statements: [
          statement('one', one, [tenant, id]),
          statement('page of messages', `${said} and position > $3 order by position limit 21`, [tenant, id, 9]),
        ],
      })),
    },
  ];
  return [...lists, ...reads, ...searchesOf(tenant, words)];
}
