/** Characters of a file that is checked at most: what is larger is made by a program. */
export const longestChecked = 2_000_000;
