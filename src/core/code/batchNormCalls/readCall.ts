import { findConvention } from '../../batchnorm/conventions/registry';
import type { Convention } from '../../batchnorm/convention';
import { pastDeclaration } from '../bindings';
import type { Call } from '../calls';
import type { CodeFile } from '../codeFile';
import { beginTurn } from '../values';
import { hiddenArguments, matchArguments, spanText, type MatchedArgument } from './argumentList';
import type { BatchNormCall } from './batchNormCall';
import type { CallFamily } from './callFamily';
import { callsWithin, layerLife, type LayerLife } from './layerLife';
import { assignedPath, readLayerState } from './layerState';
import type { ArgumentRole, Roles } from './roles';
import { Said } from './said';

/** What the reader of a call is given. */
export interface CallReading {
  readonly file: CodeFile;
  readonly call: Call;
  readonly family: CallFamily;
  readonly canonicalName: string;
  /** Sentences about the name. */
  readonly assumed: readonly string[];
  readonly fallback: Convention;
}

/** Reads what a call, and what the file does with its layer, says about batch norm. */
export function readBatchNormCall(reading: CallReading): BatchNormCall {
  const { file, call, family, canonicalName, fallback } = reading;
  beginTurn(file);
  const { tokens } = file;
  const path = layerPath(file, call, family);
  const life = layerLife(file, family, path, call.close);
  const applications = applicationsOf(life, call);
  const [application] = applications;
  const matched = [
    ...matchArguments(call, family.signature, family.roles),
    ...(application ? matchApplication(family, application) : []),
  ];
  const said = new Said(file, family);
  for (const argument of matched) said.add(argument);
  addDisagreement(said, file, family, applications);
  const { signature, application: applied } = family;
  const hidden = hiddenArguments(file, call, signature);
  const own = ownRoles(family);
  if (hidden) said.open(own, hidden, `${spanText(file, hidden)} may give it`);
  const hiddenLater =
    application && applied && hiddenArguments(file, application, applied.signature);
  if (hiddenLater)
    said.open(applied.roles, hiddenLater, `${spanText(file, hiddenLater)} may give it`);
  if (family.scopedDefaults?.test(file.text) === true) {
    said.open(own, call.callee, 'an arg_scope of this file may give it');
  }
  const state = readLayerState(life);
  said.addState(state, path);
  const chosen = family.convention({ file, name: canonicalName, fallback });
  const id = said.fused === false ? (family.unfused ?? chosen.id) : chosen.id;
  const convention = findConvention(id);
  const input = said.input;
  const start = tokens.start(call.callee.first);
  return {
    family,
    call,
    name: call.path,
    canonicalName,
    range: { start, end: tokens.end(call.open - 1) },
    wholeRange: { start, end: tokens.end(Math.min(call.close, tokens.count - 1)) },
    convention: convention.ok ? convention.value : fallback,
    statement: { ...family.defaults, ...said.statement(), convention: id },
    arguments: said.arguments,
    application,
    layerName: path === '' ? said.name : path,
    channels: said.channels(),
    input,
    decidesTraining: family.makes === 'output' || said.decidesTraining,
    assumed: [...reading.assumed, ...(chosen.assumed === undefined ? [] : [chosen.assumed])],
  };
}

/** Roles of the parameters that a call has: siblings share theirs, and not all of them decide about training. */
function ownRoles({ signature, roles }: CallFamily): Roles {
  const parameters = new Set(signature.split(' '));
  const isOwn = ([name, role]: readonly [string, ArgumentRole]): boolean =>
    (role !== 'training' && role !== 'evaluation') || parameters.has(name);
  return Object.fromEntries(Object.entries(roles).filter(isOwn));
}

/** Methods of a layer that give the layer itself. */
const chained = /^(?:to|cuda|cpu|float|double|half|eval|train|requires_grad_)$/;

/** The variable or attribute that a layer is assigned to. */
function layerPath(file: CodeFile, { callee, close }: Call, family: CallFamily): string {
  if (family.makes !== 'layer') return '';
  const { tokens, brackets, statements } = file;
  const statement = statements.all[statements.indexOf(callee.first)];
  if (!statement) return '';
  let end = close + 1;
  while (tokens.is(end, '.') && chained.test(tokens.textOf(end + 1)) && tokens.is(end + 2, '(')) {
    end = brackets.partner(end + 2) + 1;
    if (end === 0) return '';
  }
  if (end !== statement.end && !tokens.is(end, ',')) return '';
  return assignedPath(file, callee.first, pastDeclaration(tokens, statement.first, statement.end));
}

/** The calls of the layer, in the order of the text: at once, or of the variable that it is in. */
function applicationsOf(life: LayerLife, call: Call): readonly Call[] {
  const { file, family, path } = life;
  if (!family.application) return [];
  const { method } = family.application;
  const direct = file.callIndex.ofResult(call.close);
  if (direct?.path === (method === '' ? '' : `.${method}`)) return [direct];
  if (path === '') return [];
  const called = method === '' ? path : `${path}.${method}`;
  return callsWithin(life, file.callIndex.on(called)).filter(({ path: own }) => own === called);
}

function matchApplication({ application }: CallFamily, call: Call): readonly MatchedArgument[] {
  return application ? matchArguments(call, application.signature, application.roles) : [];
}

/** `bn(x, training=True)` and `bn(x, training=False)`: each call has a mode of its own. */
function addDisagreement(
  said: Said,
  file: CodeFile,
  family: CallFamily,
  applications: readonly Call[],
): void {
  const stated = applications.map(application =>
    matchApplication(family, application).find(
      ({ role }) => role === 'training' || role === 'evaluation',
    ),
  );
  const texts = new Set(stated.map(argument => argument && spanText(file, argument.value)));
  const first = stated.find(argument => argument !== undefined);
  if (!first || texts.size < 2) return;
  const words = [...texts].map((text, i) => {
    const where = i === 0 ? 'in one call' : 'in another';
    return `${text ?? 'nothing'} ${where}`;
  });
  said.addDisagreement(first, words.slice(0, 3).join(', '));
}
