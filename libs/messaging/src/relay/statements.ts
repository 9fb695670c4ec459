/** Of one batch. */
export const maxEvents = 500;
/** Of data in one batch, so that a backlog of large events does not fill the memory. */
const maxBytes = 4_000_000;

/** Rows that another relay has taken are passed over, so any number of instances share the work. */
export const take = {
  name: 'parley_outbox_take',
  text: `
    with head as materialized (
      select position, bytes from outbox order by position limit ${maxEvents} for update skip locked
    ), batch as (
      select position from (select position, sum(bytes) over (order by position) - bytes as before from head) as h
       where before < ${maxBytes}
    )
    select position, id, type, tenant_id, occurred_at, traceparent, data, entries, bytes
      from outbox join batch using (position) order by position`,
};
export const forget = { name: 'parley_outbox_forget', text: 'delete from outbox where position = any($1::bigint[])' };
