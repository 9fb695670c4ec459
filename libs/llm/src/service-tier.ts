/** What providers call the service that a model's price is for; `auto` leaves it to them. */
const standard = new Set(['standard', 'default', 'auto']);

/** The tier of service that a provider says it gave, where that has a price of its own: flex, priority, fast and the like. */
export const tierOf = (said: unknown): { readonly tier?: string } =>
  typeof said === 'string' && /^[a-z_]{1,32}$/.test(said) && !standard.has(said) ? { tier: said } : {};
