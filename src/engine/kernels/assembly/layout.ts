/** The first byte that the module does not use for its own constants: the allocator starts here. */
export function heapBase(): usize {
  return __heap_base;
}
