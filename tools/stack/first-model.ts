/** How long the platform may take to list its models. */
const timeoutMs = 5_000;
const fallback = 'claude-haiku-5-5';

/** A model that this platform serves, for the examples on the screen; a well-known one where the list cannot be had. */
export async function firstModel(url: string, apiKey: string): Promise<string> {
  try {
    const headers = { authorization: `Bearer ${apiKey}` };
    const response = await fetch(`${url}/v1/models`, { headers, signal: AbortSignal.timeout(timeoutMs) });
    const { data } = (await response.json()) as { data?: readonly { readonly id: string }[] };
    return data?.[0]?.id ?? fallback;
  } catch {
    return fallback;
  }
}
