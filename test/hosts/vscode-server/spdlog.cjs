// @ts-check
// Stands in for the native module by which VS Code writes its logs: the server is installed without compiling anything, and
// without this the Output view stays empty, so "Normscope: Show Log" would show nothing. What VS Code asks of the module,
// over plain files; see installLogger in ../install.mjs.
const fs = require('node:fs');
const path = require('node:path');

/** spdlog's levels, by number. */
const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];

/** Like spdlog's rotating logger with VS Code's pattern, of a single file. */
class Logger {
  /**
   * @param {string} file
   * @param {number} limit bytes, after which the file begins anew
   */
  constructor(file, limit) {
    this.file = file;
    this.limit = limit;
    this.level = 0;
    this.formatted = true;
  }

  /**
   * @param {number} level
   * @param {string} message
   */
  write(level, message) {
    if (level < this.level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    const line = this.formatted ? `${time} [${levels[level]}] ${message}\n` : message;
    const full = fs.statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
    if (full > this.limit) fs.writeFileSync(this.file, line);
    else fs.appendFileSync(this.file, line);
  }

  /** @param {string} message */
  trace(message) {
    this.write(0, message);
  }

  /** @param {string} message */
  debug(message) {
    this.write(1, message);
  }

  /** @param {string} message */
  info(message) {
    this.write(2, message);
  }

  /** @param {string} message */
  warn(message) {
    this.write(3, message);
  }

  /** @param {string} message */
  error(message) {
    this.write(4, message);
  }

  /** @param {string} message */
  critical(message) {
    this.write(5, message);
  }

  getLevel() {
    return this.level;
  }

  /** @param {number} level */
  setLevel(level) {
    this.level = level;
  }

  setPattern() {
    this.formatted = true;
  }

  clearFormatters() {
    this.formatted = false;
  }

  /** Every line is written at once. */
  flush() {}

  drop() {}
}

/**
 * @param {string} _name
 * @param {string} file
 * @param {number} limit
 */
async function createLogger(_name, file, limit) {
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  return new Logger(file, limit);
}

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
