/** The last part of what any batch norm is called by: cheap to search a text for before it is read as code. */
export const batchNormWord = /batch_?norm/i;
