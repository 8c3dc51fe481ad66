import { FileWatches } from '../files/fileWatches';
import { watchFolder } from '../files/watchFolder';
import type { WatchFile } from './openRecordings';

/** Watches one file with VS Code, as tensor files are. */
export const watchFile: WatchFile = (uri, changed) => {
  const watches = new FileWatches(watchFolder, changed);
  watches.follow([uri]);
  return watches;
};
