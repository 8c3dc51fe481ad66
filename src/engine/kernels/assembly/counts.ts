// Counts in words (uint32), of four elements at a time.

/** @param at where each of the four counts is, in bytes from `counts` */
export function countAt(at: v128, counts: usize): void {
  const a = counts + <usize>i32x4.extract_lane(at, 0);
  store<u32>(a, load<u32>(a) + 1);
  const b = counts + <usize>i32x4.extract_lane(at, 1);
  store<u32>(b, load<u32>(b) + 1);
  const c = counts + <usize>i32x4.extract_lane(at, 2);
  store<u32>(c, load<u32>(c) + 1);
  const d = counts + <usize>i32x4.extract_lane(at, 3);
  store<u32>(d, load<u32>(d) + 1);
}

/**
 * Counts for each lane of a vector, all 0: of neighbours that fall into one bin, each would have to wait for the count
 * before. Lane after lane has `slots` of them.
 */
export function clearLanes(lanes: usize, slots: i32): void {
  memory.fill(lanes, 0, (<usize>slots) << 4);
}

/** The first count of each lane. */
export function firstsOfLanes(slots: i32): v128 {
  return i32x4(0, slots, 2 * slots, 3 * slots);
}

/** Adds the counts of the four lanes to those that all share. */
export function addLanes(lanes: usize, slots: i32, counts: usize): void {
  const bytes = (<usize>slots) << 2;
  for (let at: usize = 0; at < bytes; at += 4) {
    const from = lanes + at;
    const sum =
      load<u32>(from) +
      load<u32>(from + bytes) +
      load<u32>(from + 2 * bytes) +
      load<u32>(from + 3 * bytes);
    store<u32>(counts + at, load<u32>(counts + at) + sum);
  }
}
