/**
 * Milliseconds of processor time from here on, of all threads: a busy machine is no fault of what is
 * measured.
 */
export function processorTime(): () => number {
  const started = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  };
}
