/** Passwords that were verified, by whose hash. */
export interface Compared {
  readonly account: number;
  readonly nobody: number;
}

/** By the service's counter. */
export async function comparedSoFar(url: string): Promise<Compared> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const count = (whose: keyof Compared): number => {
    const line = new RegExp(`^password_checks_total\\{[^}]*compared="${whose}"[^}]*\\} (\\d+)$`, 'm');
    return Number(line.exec(metrics)?.[1] ?? 0);
  };
  return { account: count('account'), nobody: count('nobody') };
}
