/** Stops what servers-up.ts started. */
export default async function serversDown(): Promise<void> {
  const { parleyTestServers } = globalThis as { parleyTestServers?: { stop(): Promise<void> } };
  await parleyTestServers?.stop();
}
