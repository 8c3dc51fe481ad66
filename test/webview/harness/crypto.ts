/** What the host takes from `node:crypto`, where it runs in a page. */
export function randomUUID(): string {
  return crypto.randomUUID();
}
