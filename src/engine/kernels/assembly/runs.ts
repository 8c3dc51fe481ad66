// Runs of elements that share a channel: run r of a tensor belongs to channel r mod `channels`.

/** Where the part of a run begins that is looked at. @param begin its first element, of the run's `inner` */
export function startOfRun(x: usize, run: i32, inner: i32, begin: i32): usize {
  return x + ((<usize>run * <usize>inner + <usize>begin) << 2);
}

/** The channel of the run that follows: a comparison, where a remainder would be a division a run. */
export function nextChannel(channel: i32, channels: i32): i32 {
  const next = channel + 1;
  return next == channels ? 0 : next;
}
