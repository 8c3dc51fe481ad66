/** Work over all of a tensor, in parts: between two of them others get their turn. */
export interface Pass {
  readonly parts: number;
  /**
   * Does one part; they come in order.
   * @param x the tensor's elements
   * @param y the output's, where there is one
   */
  part(index: number, x: Float32Array, y: Float32Array): void;
  /** Takes the totals of all parts. @returns whether every part must be done once more */
  finish(): boolean;
  /** Gives back what the pass has borrowed, finished or not. */
  dispose(): void;
}
