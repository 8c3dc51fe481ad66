/**
 * What a file may ask for before it is refused (docs/decisions/0040-file-formats.md). A file names sizes;
 * these bound what is allocated, read or looped over because of them.
 */

/** Dimensions of a tensor. */
export const mostDimensions = 32;

/** Elements of a tensor that can be listed: sizes stay exact integers, also in bytes. */
export const mostListedElements = 2 ** 40;

/** Elements of a tensor that can be loaded at once. */
export const mostLoadedElements = 2 ** 28;

/** Tensors of one file. */
export const mostTensors = 1_000_000;

/** A JSON header or manifest inside a file (safetensors, tfjs, config.json), in bytes. */
export const mostHeaderBytes = 100_000_000;

/** Levels of a JSON header; V8's parser has no limit of its own. */
export const mostHeaderDepth = 64;

/** A zip's central directory, in bytes. */
export const mostDirectoryBytes = 256 * 2 ** 20;

/** What one compressed member may inflate to, in bytes. */
export const mostInflatedBytes = 2 ** 30;

/** Inflated ÷ deflated bytes above which a member is remarked on. */
export const suspiciousRatio = 1000;

/** Opcodes of one pickle. */
export const mostPickleOperations = 10_000_000;

/** Lists, dicts, tuples, texts and objects of one pickle: some 200,000 tensors have as many. */
export const mostPickleObjects = 3_000_000;

/** A pickle inside an archive, in bytes. */
export const mostPickleBytes = 256 * 2 ** 20;

/** Levels of nesting that are followed in any structure. */
export const mostNesting = 200;

/** All names that a file gives to tensors together, in characters. */
export const mostNamesLength = 2 ** 27;

/** A name that a file gives to a tensor, in characters. */
export const mostNameLength = 10_000;

/** Text that has to be read whole before it can be listed, in bytes. */
export const mostTextBytes = 256_000_000;

/** Bytes of the start of a file that formats are told apart by. */
export const headBytes = 4096;
