import { diagnose } from '../core/batchnorm/diagnose/registry';
import { ok, type Result } from '../core/problem';
import type { Command, CommandArguments, Report } from './command';
import { relatedKnown } from './doctorFiles';
import { reportDiagnoses, type Diagnosed } from './doctorReport';
import { examine, type Examined } from './doctorSubjects';
import type { Sources } from './sources';

/** `doctor FILE...`: what is wrong or noteworthy, in each file and between checkpoints of one run. */
export const doctorCommand: Command = {
  name: 'doctor',
  operands: 'FILE...',
  help: 'findings about checkpoints, run files or recordings; several checkpoints in order',
  options: [],
  run,
};

async function run({ operands }: CommandArguments, sources: Sources): Promise<Result<Report>> {
  const examined: Examined[] = [];
  for (const operand of operands) {
    const file = await examine(operand, sources);
    if (!file.ok) return file;
    examined.push(file.value);
  }
  const related = relatedKnown(examined);
  const diagnosed = examined.map((file, i): Diagnosed => ({
    file: file.label,
    layers: file.layers.length,
    found: [
      ...file.unreadable,
      ...(related.found[i] ?? []),
      ...file.layers.flatMap(({ name, known }, at) =>
        diagnose({ ...known, ...related.known[i]?.[at] }).map(finding => ({
          layer: name,
          finding,
        })),
      ),
    ],
  }));
  return ok(
    reportDiagnoses(
      diagnosed,
      examined.flatMap(({ notes }) => notes),
    ),
  );
}
