/** Characters of numbers that a call brings with it; more is better off in a file. */
export const mostInline = 200_000;
