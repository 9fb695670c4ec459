import { Client } from 'pg';

/** How many sessions the tenant that asks has; others have a tenth as many between them. */
export interface Size {
  readonly name: string;
  readonly sessions: number;
}

export const messagesEach = 50;

/** Of so many sessions one is another tenant's. */
const oneOf = 11;
/** Every tag that begins with `rare` is on ten of so many. */
const block = 2_200;

const syllables = `string_to_array('ba,chi,den,fo,gar,hul,jin,ka,lem,mor,nu,pes,quo,ri,sol,tam,uv,wex,yat,zo', ',')`;
const generator = (head: string, value: string) =>
  `create function bench.${head} immutable parallel safe language sql return ${value}`;

/**
 * What makes rows out of their numbers. Of the words, which have three syllables, few are common and most rare, as words
 * are. Ids are UUIDs of version 7 (RFC 9562): a moment in milliseconds, and what makes it one of a kind.
 */
const generators = [
  'create schema bench',
  generator(
    'id(ms bigint, number int) returns uuid',
    `(lpad(to_hex(ms), 12, '0') || '7000a' || lpad(to_hex(number), 15, '0'))::uuid`,
  ),
  generator(
    'word(n int) returns text',
    [1, 20, 400].map((each) => `(${syllables})[1 + n / ${each} % 20]`).join(' || '),
  ),
  'select setseed(0.5)',
  `create table bench.sentences as
    select n, string_agg(bench.word((8000 * power(random(), 3))::int), ' ') as sentence
    from generate_series(0, 9999) n, generate_series(1, 12) group by n`,
  'analyze bench.sentences',
];

const projects = `insert into projects (tenant_id, id, name)
  select $1, bench.id($2, n), 'Project ' || n from generate_series(0, 39) n`;

/**
 * One each quarter of an hour, the first the newest, each changed until up to ten days later. Most are idle; a few tags, models and projects
 * have most of the sessions, others a handful. `h` is any number.
 */
const sessions = `insert into sessions (tenant_id, id, project_id, name, model, tags, status, archived_at, created_at,
    updated_at, last_active_at, head_id, next_position, bytes)
  select case when n % ${oneOf} = 0 then md5((n % 20)::text)::uuid else $1::uuid end, bench.id(ms, n),
    case when n % ${oneOf} > 0 and h % 10 < 7 then bench.id($2, (39 * power(h / 10 % 1000 / 1e3, 3))::int) end,
    bench.word(h % 8000) || ' ' || bench.word(h / 8000 % 8000) || ' ' || n,
    (array['gpt-5.5', 'gpt-5.5', 'gpt-5.5', 'claude-sonnet-5-5', null])[1 + h % 5],
    case h % 2 when 0 then array['chat'] else '{}' end || array['rare-' || n / ${block} || '-' || n % ${block / 10}],
    status, case status when 'archived' then changed end, to_timestamp(ms / 1e3), changed, changed,
    bench.id(ms + ${messagesEach} * 60000, n * ${messagesEach} + ${messagesEach}), ${messagesEach}, ${messagesEach} * 880
  from (
    select n, h, ms, case when h % 50 = 0 then 'active' when h % 5 = 1 then 'archived' else 'idle' end as status,
      least(to_timestamp(ms / 1e3) + (60 + h % 14400) * interval '1 minute', now()) as changed
    from generate_series($3::int + 1, $4::int) n,
      lateral (select hashint4(n) & 1073741823 as h, $2::bigint - n * 900000::bigint as ms)) numbered`;

/** Questions and answers of three sentences each, one a minute; what is asked has a word of its own. */
const messages = `insert into messages (id, tenant_id, session_id, parent_id, position, role, body, bytes, status, model, tokens,
    stop, created_at)
  select bench.id(ms + m * 60000, number), tenant_id, session_id, case when m > 1 then bench.id(ms + (m - 1) * 60000, number - 1) end,
    m - 1, case when asked then 'user' else 'assistant' end, body::json, length(body) + 512, 'complete',
    case when asked then null else 'gpt-5.5-2026-09-01' end,
    case when asked then null else json '{"input":900,"output":60,"cache_read":0,"cache_write":0,"reasoning":0}' end,
    case when asked then null else json '{"reason":"end"}' end, to_timestamp(ms / 1e3 + m * 60)
  from (
    select said.*, m % 2 = 1 as asked, '{"content":[{"type":"text","text":"' || a.sentence || '. ' || b.sentence || '. ' || c.sentence ||
      case m % 2 when 1 then '. ref' || number else '' end || '"}]}' as body
    from (
      select *, n * ${messagesEach} + m as number, hashint4(n * ${messagesEach} + m) & 1073741823 as h from (
        select tenant_id, id as session_id, split_part(name, ' ', 3)::int as n, m, $1::bigint - split_part(name, ' ', 3)::int * 900000::bigint as ms
        from sessions, generate_series(1, next_position) m where id < bench.id($1 - $2::int * 900000::bigint, 0)) numbered) said
    join bench.sentences a on a.n = h % 10000
    join bench.sentences b on b.n = h / 10000 % 10000
    join bench.sentences c on c.n = number % 10000) written`;

/** As the service does by and by; the index is made anew, since that takes a third of the time. */
const texts = `insert into message_texts (message_id, tenant_id, session_id, role, created_at, text)
  select id, tenant_id, session_id, role, created_at, body #>> '{content,0,text}' from messages
  where session_id < bench.id($1 - $2::int * 900000::bigint, 0)`;

export interface Seeding {
  /** Fills the tables of the service up to a size, from what they hold of it already. */
  upTo(size: Size): Promise<void>;
  stop(): Promise<void>;
}

export async function beginSeeding(url: string, tenant: string): Promise<Seeding> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const statement of generators) await client.query(statement);
  const ended = Date.now() - 3_600_000;
  await client.query(projects, [tenant, ended]);
  await client.query(`set maintenance_work_mem = '1GB'`);
  let done = 0;
  return {
    upTo: async ({ sessions: count }) => {
      const until = (count / (oneOf - 1)) * oneOf;
      await client.query(sessions, [tenant, ended, done, until]);
      // Without looking up each row that a foreign key names: they are there.
      await client.query('set session_replication_role = replica');
      await client.query(messages, [ended, done]);
      const { rows } = await client.query<{ index: string }>(
        `select pg_get_indexdef('message_texts_by_word'::regclass) as index`,
      );
      await client.query('drop index message_texts_by_word');
      await client.query(texts, [ended, done]);
      await client.query(rows[0]?.index ?? '');
      await client.query('reset session_replication_role');
      await client.query('vacuum (analyze) sessions, session_tags, messages, message_texts');
      done = until;
    },
    stop: () => client.end(),
  };
}
