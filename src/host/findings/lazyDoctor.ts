import type { Finding, Known } from '../../core/batchnorm/diagnose/finding';

/** Looks for everything wrong or noteworthy, worst first. The rules are loaded by the first call. */
export async function diagnose(known: Known): Promise<readonly Finding[]> {
  const doctor = await import('./doctor');
  return doctor.diagnose(known);
}
