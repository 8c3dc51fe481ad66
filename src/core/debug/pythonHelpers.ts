/**
 * What is run in a Python program to describe a value and to read its bytes. It uses modules that are in `sys.modules`
 * already and imports none; `type(x)` and its bases tell what a value is, never its `repr` or `str`. `json` is there
 * because debuggers of Python speak it. Frameworks are told apart by what their classes are called in their own
 * modules, so that nothing of them is touched before it is known to be theirs.
 */
export const pythonHelpers = String.raw`
modules = __import__('sys').modules

class Refused(Exception): pass

def bases(x):
    return [str(c.__module__) + '.' + str(c.__qualname__) for c in type(x).__mro__]

def own(module, name):
    found = getattr(modules.get(module), name, None)
    return found if isinstance(found, type) else ()

def encoded(data):
    base64 = modules.get('binascii')
    return 'b' + base64.b2a_base64(data, newline=False).decode() if base64 else 'h' + data.hex()

def answer(function, *arguments):
    try:
        found = function(*arguments)
    except Refused as e:
        found = {'kind': 'refused', 'reason': e.args[0], 'message': e.args[1]}
    except Exception as e:
        said = e.args[0] if e.args and isinstance(e.args[0], str) else ''
        found = {'kind': 'refused', 'reason': 'raised', 'message': type(e).__name__ + (': ' + said[:300] if said else '')}
    if isinstance(found, bytes):
        return encoded(found)
    return encoded(modules['json'].dumps(found, allow_nan=False).encode())

class Value:
    '''A tensor: how it is described, and how a range of its elements is read.'''
    grad = None
    device = ''
    framework = ''
    def __init__(self, shape, dtype, part, itemsize):
        self.shape = [int(n) for n in shape]
        self.dtype = dtype
        self.part = part
        self.itemsize = itemsize
        self.notes = []
        self.elements = 1
        for n in self.shape: self.elements *= n

def of_numpy(a):
    numpy = modules['numpy']
    if isinstance(a, numpy.ma.MaskedArray):
        raise Refused('masked', 'it is a masked array, and what is masked is no number: inspect its .data')
    a = numpy.asarray(a).view(numpy.ndarray)
    kind, notes = a.dtype.kind, []
    if a.dtype.hasobject or a.dtype.fields is not None or (kind not in 'biufcV' ):
        raise Refused('not-numeric', 'its elements are ' + a.dtype.name + ', which are no numbers')
    name, target = a.dtype.name, None
    if kind == 'f' and a.itemsize > 8:
        name, target, notes = 'float64', 'f8', ['Its elements are ' + name + ', and are rounded to float64.']
    elif kind == 'c' and a.itemsize > 16:
        name, target, notes = 'complex128', 'c16', ['Its elements are ' + name + ', and are rounded to complex128.']
    elif a.dtype.byteorder == '>' or (a.dtype.byteorder == '=' and modules['sys'].byteorder == 'big'):
        target = a.dtype.newbyteorder('<')
    flat = a.reshape(-1) if a.flags.c_contiguous else a.flat
    def part(start, end):
        cut = flat[start:end]
        return (cut if target is None else cut.astype(target)).tobytes()
    value = Value(a.shape, name, part, a.itemsize if target is None else modules['numpy'].dtype(target).itemsize)
    value.notes, value.array, value.framework = notes, a, 'NumPy'
    return value

def of_torch(t):
    torch = modules['torch']
    if t.device.type == 'meta' or any('FakeTensor' in name or 'FunctionalTensor' in name for name in bases(t)):
        raise Refused('symbolic', 'it has a shape and no values (device meta): there is nothing to read')
    if 'Uninitialized' in type(t).__name__:
        raise Refused('symbolic', 'it is not initialised before the first batch: there is nothing to read')
    if getattr(t, 'is_nested', False):
        raise Refused('ragged', 'it is a nested tensor, whose rows differ in length')
    if t.layout != torch.strided:
        raise Refused('sparse', 'it is sparse: inspect its .to_dense()')
    if t.is_quantized:
        raise Refused('quantised', 'it is quantised: inspect its .dequantize()')
    d, name = t.detach(), str(t.dtype)[6:]
    if d.is_complex(): d = d.resolve_conj()
    if hasattr(d, 'resolve_neg'): d = d.resolve_neg()
    words = d
    if name == 'bfloat16': words = d.view(torch.int16)
    elif name.startswith('float8'): words = d.view(torch.uint8)
    if t.device.type == 'cpu':
        inner = of_numpy(words.numpy())
        part = inner.part
    else:
        flat = words.reshape(-1)
        part = lambda start, end: flat[start:end].cpu().numpy().tobytes()
    value = Value(t.shape, name, part, words.element_size())
    value.grad, value.device, value.framework, value.torch = bool(t.requires_grad), str(t.device), 'PyTorch', d
    return value

def of_buffer(x):
    view = memoryview(x)
    names = {'b': 'int8', 'B': 'uint8', '?': 'bool', 'h': 'int16', 'H': 'uint16', 'i': 'int32', 'I': 'uint32', 'f': 'float32', 'd': 'float64', 'e': 'float16', 'q': 'int64', 'Q': 'uint64'}
    name = names.get(view.format) or {'l4': 'int32', 'l8': 'int64', 'L4': 'uint32', 'L8': 'uint64'}.get(view.format + str(view.itemsize))
    if name is None or not view.c_contiguous:
        raise Refused('not-numeric', 'its elements are no numbers that can be read')
    size = view.itemsize
    return Value(view.shape, name, lambda start, end: view.cast('B')[start * size:end * size].tobytes(), size)

most_listed = 4000000

def of_list(x):
    shape, row = [], x
    while isinstance(row, (list, tuple)):
        shape.append(len(row))
        if len(row) == 0 or len(shape) > 32: break
        row = row[0]
    if not isinstance(row, (int, float, complex)) and not scalar(row):
        inner = type(row).__name__
        raise Refused('not-a-tensor', 'it is a list of ' + inner + ': inspect one of its elements' if shape[0] else 'it is empty')
    count = 1
    for n in shape: count *= n
    if count > most_listed:
        raise Refused('too-large', 'it is a list of ' + str(count) + ' numbers, and ' + str(most_listed) + ' is the most: make an array of it')
    flat = []
    def walk(part, depth):
        if not isinstance(part, (list, tuple)) or len(part) != shape[depth]:
            raise Refused('ragged', 'its rows differ in length: axis ' + str(depth) + ' has ' + str(shape[depth]) + ' entries in one, and ' + (str(len(part)) if isinstance(part, (list, tuple)) else 'no list') + ' in another')
        if depth < len(shape) - 1:
            for row in part: walk(row, depth + 1)
        else: flat.extend(part)
    walk(x, 0)
    kinds = set(type(v) for v in flat)
    if kinds <= {bool}: name, code, numbers = 'bool', '?', flat
    elif kinds <= {bool, int} and all(-2 ** 63 <= v < 2 ** 63 for v in flat): name, code, numbers = 'int64', 'q', [int(v) for v in flat]
    else:
        if not all(isinstance(v, (int, float)) or scalar(v) for v in flat):
            raise Refused('not-numeric', 'its elements are not all real numbers')
        name, code, numbers = 'float64', 'd', [float(v) for v in flat]
    size = 1 if code == '?' else 8
    view = memoryview(bytearray(size * max(1, len(numbers)))).cast(code)
    for i, v in enumerate(numbers): view[i] = v
    raw = view.cast('B')
    return Value(shape, name, lambda start, end: raw[start * size:end * size].tobytes(), size)

def scalar(v):
    if isinstance(v, (int, float)): return True
    if isinstance(v, own('torch', 'Tensor')) or isinstance(v, own('numpy', 'ndarray')): return len(v.shape) == 0
    return isinstance(v, own('numpy', 'number')) or isinstance(v, own('numpy', 'bool_'))

def value_of(x):
    if isinstance(x, own('torch', 'Tensor')): return of_torch(x)
    numpy = modules.get('numpy')
    if numpy and isinstance(x, (numpy.ndarray, numpy.generic)): return of_numpy(x)
    if isinstance(x, (list, tuple)): return of_list(x)
    if isinstance(x, (bytes, bytearray, memoryview)) or type(x).__module__ == 'array': return of_buffer(x)
    names = bases(x)
    text = ' '.join(names)
    if 'Tracer' in text or 'KerasTensor' in text or 'SymbolicTensor' in text:
        raise Refused('symbolic', 'it is symbolic (' + type(x).__name__ + '): it has no values while a graph is traced')
    deleted = getattr(x, 'is_deleted', None) if 'jax' in text else None
    if deleted is not None and deleted():
        raise Refused('deleted', 'its buffer was deleted or donated: there is nothing to read')
    for module, framework in (('jax', 'JAX'), ('tensorflow', 'TensorFlow'), ('keras', 'Keras'), ('cupy', 'CuPy')):
        if not any(name.startswith(module) for name in names): continue
        if framework == 'CuPy': a = x.get()
        elif hasattr(type(x), 'numpy') or hasattr(x, 'numpy'): a = x.numpy()
        elif hasattr(type(x), '__array__'): a = numpy.asarray(x)
        elif framework == 'TensorFlow': raise Refused('symbolic', 'it is symbolic (' + type(x).__name__ + '): it has no values outside of a session')
        else: break
        value = of_numpy(a)
        value.framework = framework
        device = getattr(x, 'device', '')
        if isinstance(device, str): value.device = device
        return value
    if numpy and hasattr(type(x), '__array__'):
        return of_numpy(x)
    raise Refused('not-a-tensor', 'it is a ' + type(x).__name__ + ', and neither a tensor nor a batch norm')

def health(value, limit):
    numpy = modules.get('numpy')
    n = min(value.elements, limit)
    if n == 0 or not numpy: return None
    raw = value.part(0, n)
    if value.dtype == 'bfloat16':
        a = (numpy.frombuffer(raw, 'u2').astype('u4') << 16).view('f4')
    elif value.dtype.startswith('float8'): return None
    else: a = numpy.frombuffer(raw, value.dtype)
    if a.dtype.kind == 'c': a = a.view('f4' if a.itemsize == 8 else 'f8')
    if a.dtype.kind == 'f':
        finite = numpy.isfinite(a)
        good = a if finite.all() else a[finite]
        nan = int(numpy.isnan(a).sum()) if good is not a else 0
        infinite = int(a.size - good.size - nan)
    else: good, nan, infinite = a, 0, 0
    some = good.size > 0
    with numpy.errstate(all='ignore'):
        mean = float(good.mean(dtype='f8')) if some else None
    return {
        'of': int(n), 'nan': nan, 'infinite': infinite, 'digest': str(hash(raw)),
        'minimum': float(good.min()) if some else None, 'maximum': float(good.max()) if some else None,
        'mean': mean if mean is not None and abs(mean) < float('inf') else None}

def summary(x, value):
    return {
        'kind': 'tensor', 'type': type(x).__name__, 'framework': value.framework, 'shape': value.shape,
        'dtype': value.dtype, 'itemBytes': value.itemsize, 'device': value.device, 'requiresGrad': value.grad,
        'notes': value.notes}

def describe(x, inline, limit):
    found = layer_of(x)
    if found is None:
        value = value_of(x)
        found = summary(x, value)
        if value.elements * value.itemsize <= inline: found['data'] = encoded(value.part(0, value.elements))
        if limit: found['health'] = health(value, limit)
    return found

def read(x, start, end):
    return value_of(x).part(start, end)

def layer_of(x):
    names = bases(x)
    if 'torch.nn.modules.batchnorm._BatchNorm' in names or type(x).__name__ == 'FrozenBatchNorm2d':
        return torch_layer(x)
    if is_keras_layer(names): return keras_layer(x)
    return None

def is_keras_layer(names):
    ends = ('.BatchNormalization', '.BatchNormalizationBase')
    return any(name.endswith(ends) and ('keras' in name or name.startswith('tensorflow')) for name in names)

def vector(values, name):
    if values is None: return None
    value = value_of(values)
    if len(value.shape) != 1: raise Refused('not-a-layer', 'its ' + name + ' is no vector')
    return {'dtype': value.dtype, 'data': encoded(value.part(0, value.elements))}

def layer(x, convention, vectors, **more):
    found = {'kind': 'layer', 'type': type(x).__name__, 'convention': convention, 'notes': []}
    found['parameters'] = {name: vector(values, name) for name, values in vectors.items() if values is not None}
    found.update(more)
    return found

def torch_layer(x):
    get = lambda name: getattr(x, name, None)
    weight, frozen = get('weight'), type(x).__name__ == 'FrozenBatchNorm2d'
    count = get('num_batches_tracked')
    tracks = get('track_running_stats')
    found = layer(
        x, 'pytorch',
        {'gamma': weight, 'beta': get('bias'), 'movingMean': get('running_mean'), 'movingVariance': get('running_var')},
        channels=int(get('num_features') or (weight.shape[0] if weight is not None else 0)), epsilon=float(x.eps), channelAxis=1,
        training=False if frozen else bool(x.training),
        trainable=bool(weight.requires_grad) if weight is not None and not frozen else not frozen)
    if not frozen: found['momentum'] = None if x.momentum is None else float(x.momentum)
    if tracks is False: found['tracking'] = 'none'
    if frozen: found['tracking'] = 'frozen'
    if count is not None: found['batchesTracked'] = int(count)
    if weight is None: found['notes'].append('It was made with affine=False: gamma is 1 and beta 0.')
    if type(x).__name__ == 'SyncBatchNorm':
        found['notes'].append('It is a SyncBatchNorm: where several processes train, the batch is that of all of them, and this is the part of one.')
    if tracks is False: found['notes'].append('It was made with track_running_stats=False: the batch’s statistics always normalise.')
    return found

def keras_convention(x):
    version = str(getattr(modules.get('keras'), '__version__', ''))
    # The class of a user's own is Keras' by what it derives from.
    own_module = next(name for name in bases(x) if is_keras_layer([name]))
    if str(getattr(modules.get('tensorflow'), '__version__', '')).startswith('1.') and own_module.startswith('tensorflow'): return 'tf1'
    if not own_module.startswith('keras.'): return 'keras2'
    if version.startswith('3.'): return 'keras3'
    return 'keras-standalone' if version.startswith(('2.0.', '2.1.', '2.2.', '2.3.')) else 'keras2'

def finite(values):
    return [v if abs(v) < float('inf') else None for v in map(float, value_of(values).array.tolist())]

def keras_layer(x):
    get = lambda name: getattr(x, name, None)
    if get('moving_mean') is None:
        raise Refused('not-a-layer', 'it is not built before the first batch: there are no parameters to read')
    axis = get('axis')
    if not isinstance(axis, int):
        if len(axis) > 1: raise Refused('not-a-layer', 'it has the axes ' + str([int(n) for n in axis]) + ' for channels, and Normscope takes one')
        axis = int(axis[0])
    found = layer(
        x, keras_convention(x),
        {'gamma': get('gamma'), 'beta': get('beta'), 'movingMean': x.moving_mean, 'movingVariance': x.moving_variance},
        channels=int(x.moving_mean.shape[0]), epsilon=float(x.epsilon), momentum=float(x.momentum), channelAxis=axis,
        trainable=bool(x.trainable))
    if get('virtual_batch_size'): found['virtualBatchSize'] = int(x.virtual_batch_size)
    if get('renorm'):
        clipping = get('renorm_clipping') or {}
        state = {'movingStddev': get('moving_stddev'), 'mean': get('renorm_mean'), 'stddev': get('renorm_stddev')}
        found['renorm'] = {
            'momentum': float(x.renorm_momentum),
            'clipping': {name: float(clipping[name]) for name in ('rmin', 'rmax', 'dmax') if clipping.get(name) is not None},
            'state': {name: finite(values) for name, values in state.items() if values is not None}}
    if get('synchronized') or type(x).__name__ == 'SyncBatchNormalization':
        found['notes'].append('It is synchronized: where several replicas train, the batch is that of all of them, and this is the part of one.')
    return found

def listing(scope, limit):
    found, clock = [], modules.get('time')
    end = clock.monotonic() + 0.4 if clock else None
    seen = {}
    def add(name, expression, x):
        if len(found) >= 300 or id(x) in seen: return
        try:
            entry = layer_of(x)
            if entry is None:
                value = value_of(x)
                entry = summary(x, value)
                late = end is not None and clock.monotonic() > end
                entry['health'] = None if late else health(value, limit)
            else: entry = brief(entry)
        except Refused as e:
            if e.args[0] in ('not-a-tensor', 'not-numeric', 'raised', 'too-large', 'ragged'): return
            entry = {'kind': 'refused', 'reason': e.args[0], 'message': e.args[1]}
        except Exception: return
        seen[id(x)] = x
        found.append({'name': name, 'expression': expression, 'value': entry})
    for name, x in list(scope.items()):
        if not isinstance(name, str) or name.startswith('__') or not name.isidentifier(): continue
        if isinstance(x, (int, float, complex, str, bytes, type, type(modules['sys']))): continue
        if isinstance(x, (list, tuple)) and small(x): continue
        add(name, name, x)
        if isinstance(x, dict):
            for key, inner in list(x.items())[:100]:
                if type(key) is str and is_tensor(inner): add(name + '[' + repr(key) + ']', name + '[' + repr(key) + ']', inner)
        for path, inner in layers_in(x, name): add(path, path, inner)
        if name == 'self':
            try: held = object.__getattribute__(x, '__dict__')
            except Exception: held = {}
            for key, inner in list(held.items())[:200]:
                if type(key) is str and key.isidentifier() and is_tensor(inner): add('self.' + key, 'self.' + key, inner)
    return {'kind': 'listing', 'entries': found}

def small(x):
    return len(x) < 4 and not any(isinstance(v, (list, tuple)) for v in x)

def is_tensor(x):
    if isinstance(x, own('torch', 'Tensor')) or isinstance(x, own('numpy', 'ndarray')): return True
    return any(name.startswith(('jax', 'tensorflow', 'keras')) for name in bases(x)) and hasattr(type(x), 'shape')

def brief(entry):
    entry['parameters'] = {name: {'dtype': v['dtype'], 'data': ''} if len(v['data']) > 60000 else v for name, v in entry['parameters'].items()}
    return entry

def layers_in(x, name):
    if isinstance(x, own('torch.nn', 'Module')):
        todo, done, steps = [(name, x)], set(), 0
        while todo and steps < 3000:
            path, module = todo.pop(0)
            steps += 1
            if id(module) in done: continue
            done.add(id(module))
            if module is not x and layer_is(module): yield path, module
            indexed = hasattr(type(module), '__getitem__')
            for key, inner in list(module._modules.items()):
                if inner is None: continue
                if key.isidentifier() and not (indexed and not hasattr(module, key)): step = '.' + key
                elif indexed and key.isdigit(): step = '[' + key + ']'
                elif indexed: step = '[' + repr(key) + ']'
                else: step = '._modules[' + repr(key) + ']'
                todo.append((path + step, inner))
    elif any('keras' in base for base in bases(x)) and isinstance(getattr(x, 'layers', None), list):
        for i, inner in enumerate(x.layers):
            if layer_is(inner): yield name + '.layers[' + str(i) + ']', inner

def layer_is(x):
    return type(x).__name__ == 'FrozenBatchNorm2d' or any(base.endswith('._BatchNorm') for base in bases(x)) or is_keras_layer(bases(x))
`;
