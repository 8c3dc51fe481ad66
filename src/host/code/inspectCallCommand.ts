/** What hovers and lenses over calls run: with a document's address and an offset into its text. */
export const inspectCallCommand = 'normscope.inspectCall';
