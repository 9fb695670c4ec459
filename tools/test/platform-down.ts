/** Stops what platform-up.ts started. */
export default async function platformDown(): Promise<void> {
  const { parleyPlatform } = globalThis as { parleyPlatform?: { stop(): Promise<void> } };
  await parleyPlatform?.stop();
}
