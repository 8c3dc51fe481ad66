/**
 * What is run in a JavaScript program to describe a value and to read its bytes: an expression whose value is a function
 * that makes the helpers. It calls `dataSync` of tensors of TensorFlow.js, which copies them from where they are, and
 * nothing else of the program's own.
 */
export const javascriptHelpers = String.raw`function () {
  const global = globalThis;
  const types = { Float32Array: 'float32', Float64Array: 'float64', Float16Array: 'float16', Int8Array: 'int8',
    Uint8Array: 'uint8', Uint8ClampedArray: 'uint8', Int16Array: 'int16', Uint16Array: 'uint16',
    Int32Array: 'int32', Uint32Array: 'uint32', BigInt64Array: 'int64', BigUint64Array: 'uint64' };
  const mostListed = 4000000;
  class Refused { constructor(reason, message) { this.reason = reason; this.message = message; } }
  const refuse = (reason, message) => { throw new Refused(reason, message); };
  const tag = x => Object.prototype.toString.call(x).slice(8, -1);
  const typeOf = x => {
    const maker = x !== null && typeof x === 'object' ? x.constructor : undefined;
    return typeof maker === 'function' && typeof maker.name === 'string' && maker.name !== '' ? maker.name : tag(x);
  };
  const base64 = bytes => {
    if (global.Buffer) return global.Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    let text = '';
    for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode.apply(null, bytes.subarray(i, i + 32768));
    return global.btoa(text);
  };
  const encoded = bytes => 'b' + base64(bytes);
  const bytesOf = x => new Uint8Array(x.buffer, x.byteOffset, x.byteLength);
  const isView = x => ArrayBuffer.isView(x) && typeof x.length === 'number';
  const sizeOf = shape => shape.reduce((a, b) => a * b, 1);

  const ofView = (x, shape, more) => {
    const dtype = types[tag(x)] || refuse('not-numeric', 'its elements are no numbers');
    return { shape, dtype, data: x, itemBytes: x.BYTES_PER_ELEMENT, framework: '', device: '', notes: [], ...more };
  };
  const ofList = x => {
    const shape = [];
    let row = x;
    while ((Array.isArray(row) || isView(row)) && shape.length < 32) { shape.push(row.length); row = row[0]; }
    if (shape.includes(0)) refuse('empty-input', 'it has no elements');
    const kind = typeof row;
    if (kind !== 'number' && kind !== 'boolean')
      refuse('not-a-tensor', 'it is an array of ' + typeOf(row) + ': inspect one of its elements');
    const count = sizeOf(shape);
    if (count > mostListed) refuse('too-large', 'it is an array of ' + count + ' numbers, and ' + mostListed + ' is the most: make a Float32Array of it');
    const data = new Float64Array(count);
    let at = 0;
    const walk = (part, depth) => {
      if (!(Array.isArray(part) || isView(part)) || part.length !== shape[depth])
        refuse('ragged', 'its rows differ in length: axis ' + depth + ' has ' + shape[depth] + ' entries in one and not in another');
      const last = depth === shape.length - 1;
      for (let i = 0; i < part.length; i++) {
        if (!last) walk(part[i], depth + 1);
        else if (typeof part[i] === 'number' || typeof part[i] === 'boolean') data[at++] = Number(part[i]);
        else refuse('not-numeric', 'its elements are not all numbers');
      }
    };
    walk(x, 0);
    return ofView(data, shape);
  };
  const valueOf = x => {
    if (x === null || typeof x !== 'object') refuse('not-a-tensor', 'it is ' + (x === null || x === undefined ? String(x) : 'a ' + typeof x) + ', and neither a tensor nor a batch norm');
    if (isView(x)) return ofView(x, [x.length]);
    if (tag(x) === 'ArrayBuffer' || tag(x) === 'SharedArrayBuffer') return ofView(new Uint8Array(x), [x.byteLength]);
    if (Array.isArray(x)) return ofList(x);
    if (typeof x.dataSync === 'function' && Array.isArray(x.shape)) {
      if (x.isDisposed === true) refuse('deleted', 'it was disposed: there is nothing to read');
      if (x.dtype === 'string') refuse('not-numeric', 'its elements are texts');
      const data = x.dataSync();
      const complex = x.dtype === 'complex64';
      const more = { framework: 'TensorFlow.js', dtype: complex ? 'complex64' : x.dtype === 'bool' ? 'bool' : types[tag(data)] };
      if (complex) more.itemBytes = 8;
      if (typeof x.trainable === 'boolean') more.requiresGrad = x.trainable;
      return ofView(data, x.shape, more);
    }
    if (Array.isArray(x.shape) && 'sourceLayer' in x && 'nodeIndex' in x)
      refuse('symbolic', 'it is symbolic: it has no values before the model is run');
    // Arrays of ONNX Runtime (dims), of ndarray (stride, offset) and of others that keep their values in one list.
    const shape = [x.dims, x.shape].find(Array.isArray);
    if (shape && isView(x.data) && (x.stride === undefined || isDense(x, shape)) && x.data.length >= sizeOf(shape)) {
      const start = typeof x.offset === 'number' ? x.offset : 0;
      return ofView(x.data.subarray(start, start + sizeOf(shape)), shape);
    }
    return refuse('not-a-tensor', 'it is a ' + typeOf(x) + ', and neither a tensor nor a batch norm');
  };
  const isDense = (x, shape) => {
    let step = 1;
    for (let i = shape.length - 1; i >= 0; i--) { if (x.stride[i] !== step) return false; step *= shape[i]; }
    return true;
  };

  const healthOf = (value, limit) => {
    const { data } = value;
    const n = Math.min(data.length, limit);
    if (n === 0) return null;
    let nan = 0, infinite = 0, minimum = Infinity, maximum = -Infinity, sum = 0, digest = 0;
    for (let i = 0; i < n; i++) {
      const v = Number(data[i]);
      if (v !== v) nan++;
      else if (v === Infinity || v === -Infinity) infinite++;
      else { if (v < minimum) minimum = v; if (v > maximum) maximum = v; sum += v; }
    }
    const bytes = bytesOf(data).subarray(0, n * data.BYTES_PER_ELEMENT);
    // FNV-1a, and how many bytes: enough to see a change.
    digest = 2166136261;
    for (let i = 0; i < bytes.length; i++) digest = Math.imul(digest ^ bytes[i], 16777619);
    const finite = n - nan - infinite;
    return { of: n, nan, infinite, digest: String(digest), minimum: finite ? minimum : null,
      maximum: finite ? maximum : null, mean: finite && Number.isFinite(sum) ? sum / finite : null };
  };
  const summary = (x, value) => ({ kind: 'tensor', type: typeOf(x), framework: value.framework, shape: value.shape,
    dtype: value.dtype, itemBytes: value.itemBytes, device: value.device,
    requiresGrad: value.requiresGrad === undefined ? null : value.requiresGrad, notes: value.notes });

  const vector = variable => {
    const value = valueOf(variable.val || variable);
    return { dtype: value.dtype, data: encoded(bytesOf(value.data)) };
  };
  const isLayer = x => x !== null && typeof x === 'object' && typeof x.getClassName === 'function' &&
    x.epsilon !== undefined && x.momentum !== undefined && 'axis' in x && x.getClassName() === 'BatchNormalization';
  const layerOf = x => {
    if (!isLayer(x)) return undefined;
    if (!x.movingMean) refuse('not-a-layer', 'it is not built before the first batch: there are no parameters to read');
    const parameters = {};
    for (const name of ['gamma', 'beta', 'movingMean', 'movingVariance']) if (x[name]) parameters[name] = vector(x[name]);
    return { kind: 'layer', type: typeOf(x), convention: 'tfjs', notes: [], parameters, channels: x.movingMean.shape[0],
      epsilon: x.epsilon, momentum: x.momentum, channelAxis: x.axis, trainable: x.trainable !== false };
  };

  const helpers = {
    describe(x, inline, limit) {
      const layer = layerOf(x);
      if (layer) return layer;
      const value = valueOf(x);
      const found = summary(x, value);
      if (value.data.byteLength <= inline) found.data = encoded(bytesOf(value.data));
      if (limit) found.health = healthOf(value, limit);
      return found;
    },
    read(x, start, end) {
      const { data } = valueOf(x);
      const step = tag(x) === 'complex64' || x.dtype === 'complex64' ? 2 : 1;
      return bytesOf(data.subarray(start * step, end * step));
    },
    listing(named, limit) {
      const entries = [];
      const seen = new Set();
      const end = Date.now() + 400;
      const add = (name, x) => {
        if (x === null || typeof x !== 'object' || seen.has(x) || entries.length >= 300) return;
        try {
          const layer = layerOf(x);
          if (!layer && Array.isArray(x) && x.length < 4 && !Array.isArray(x[0])) return;
          const value = layer ? undefined : valueOf(x);
          if (value && tag(x) === 'ArrayBuffer') return;
          const found = layer || { ...summary(x, value), health: Date.now() > end ? null : healthOf(value, limit) };
          seen.add(x);
          entries.push({ name, expression: name, value: found });
        } catch (error) {
          if (error instanceof Refused && ['symbolic', 'deleted'].includes(error.reason))
            entries.push({ name, expression: name, value: { kind: 'refused', reason: error.reason, message: error.message } });
        }
      };
      for (const [name, read] of named) {
        let x;
        try { x = read(); } catch { continue; }
        add(name, x);
        if (x !== null && typeof x === 'object' && Array.isArray(x.layers) && typeof x.getClassName === 'function')
          x.layers.forEach((layer, i) => { if (isLayer(layer)) add(name + '.layers[' + i + ']', layer); });
        else if (x !== null && typeof x === 'object' && (name === 'this' || Object.getPrototypeOf(x) === Object.prototype)) {
          for (const key of Object.keys(x).slice(0, 100)) {
            const own = Object.getOwnPropertyDescriptor(x, key);
            if (/^[A-Za-z_$][\w$]*$/.test(key) && own && 'value' in own && !Array.isArray(own.value)) add(name + '.' + key, own.value);
          }
        }
      }
      return { kind: 'listing', entries };
    },
  };
  const answer = (name, ...given) => {
    let found;
    try { found = helpers[name](...given); } catch (error) {
      found = error instanceof Refused ? { kind: 'refused', reason: error.reason, message: error.message }
        : { kind: 'refused', reason: 'raised', message: typeof error.message === 'string' ? error.message.slice(0, 300) : 'it threw' };
    }
    return encoded(found instanceof Uint8Array ? found : new TextEncoder().encode(JSON.stringify(found)));
  };
  return { answer };
}`;
