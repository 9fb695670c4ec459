/**
 * How far apart two clocks may be (docs/adr/0012), and how long a token may take from the reading of its grants to its
 * issue, in milliseconds: a token that was issued so shortly after a change is taken for an older one.
 */
export const slackMs = 5_000;
