// Reads the lines of a trace as events, by the schema: the twin of tools/trace/reader.py.
//
// A line is `@SEQ CYCLES LABEL EVENT key=value ...`; the field `at`, the address of the code that emitted the event, may stand
// before the last field of type text, or at the end.

import { EVENTS, PROGRAM_LINES, type EventValues, type FieldType, type Kind, type LineValues } from './schema';

export type EventName = keyof EventValues;

interface Common {
	seq: number; // the clock that viewers step on
	cycles: number; // the processor's counter since boot
	label: number; // the address space that the event concerns; 0: none
	at: number; // the address of the place in the kernel that emitted it; 0: unknown
	line: number; // in the file, from 1
}
export type TraceEvent = { [N in EventName]: Common & { name: N; values: EventValues[N] } }[EventName];
export type ProgramLine = { [N in keyof LineValues]: { name: N; values: LineValues[N] } }[keyof LineValues];

/** A line that does not match the schema. */
export class Malformed extends Error {}

const SHAPE = /^@(\d+) (\d+) (\d+) ([a-z]+)(?: (.*))?$/s;

function valueOf(name: string, type: FieldType, text: string): number | string {
	if (type === 'word' || type === 'text')
		return text;
	if (typeof type !== 'string') {
		if (!type.includes(text))
			throw new Malformed(`${name}=${text}: not one of ${type.join('|')}`);
		return text;
	}
	const digits = type === 'dec' || type === 'signed' ? /^[-+]?\d+$/ : /^(0x)?[0-9a-f]+$/i;
	if (!digits.test(text))
		throw new Malformed(`${name}=${text}: not a number`);
	return parseInt(text, type === 'dec' || type === 'signed' ? 10 : 16);
}

/** Takes the fields of KIND from REST. => their values, and the address of the field `at`, or 0 */
function valuesOf(kind: Kind, rest: string): [Record<string, number | string>, number] {
	const values: Record<string, number | string> = {};
	let at = 0;
	const takeAt = () => {
		const found = /^at=0x([0-9a-f]+)(?: |$)/.exec(rest);
		if (found) {
			at = parseInt(found[1]!, 16);
			rest = rest.slice(found[0].length);
		}
	};
	for (const [name, type] of kind.fields) {
		if (type === 'text')
			takeAt();
		if (!rest.startsWith(name + '='))
			throw new Malformed(`${name}= is missing`);
		const end = type === 'text' ? -1 : rest.indexOf(' ');
		const text = rest.slice(name.length + 1, end < 0 ? undefined : end);
		rest = end < 0 ? '' : rest.slice(end + 1);
		values[name] = valueOf(name, type, text);
	}
	takeAt();
	if (rest)
		throw new Malformed(`too much: ${rest}`);
	return [values, at];
}

/** => the event of one line without its end; throws Malformed */
export function parseLine(text: string, line = 0): TraceEvent {
	const shape = SHAPE.exec(text);
	if (!shape)
		throw new Malformed(`line ${line}: ${text.slice(0, 100)}: not a line of a trace (@SEQ CYCLES LABEL EVENT key=value ...)`);
	const name = shape[4]!;
	if (!Object.hasOwn(EVENTS, name))
		throw new Malformed(`line ${line}: ${text.slice(0, 100)}: the event ${name} is not in tools/trace.schema`);
	try {
		const [values, at] = valuesOf(EVENTS[name]!, shape[5] ?? '');
		return { seq: +shape[1]!, cycles: +shape[2]!, label: +shape[3]!, name, values, at, line } as TraceEvent;
	} catch (error) {
		throw error instanceof Malformed ? new Malformed(`line ${line}: ${text.slice(0, 100)}: ${error.message}`) : error;
	}
}

/** => the fields of a line that a program wrote, as `heap free at=0x...`; null: the schema does not know it */
export function parseProgramLine(text: string): ProgramLine | null {
	const name = text.split(' ', 2).join(' ');
	if (!Object.hasOwn(PROGRAM_LINES, name))
		return null;
	try {
		return { name, values: valuesOf(PROGRAM_LINES[name]!, text.slice(name.length + 1))[0] } as ProgramLine;
	} catch {
		return null;
	}
}

export interface Recording {
	events: TraceEvent[];
	malformed: { line: number; text: string }[];
}

/** Reads a whole recording. Lines that cannot be read are left out and reported: the gap in the numbers shows where. */
export function parseTrace(text: string): Recording {
	const events: TraceEvent[] = [];
	const malformed: Recording['malformed'] = [];
	const lines = text.split('\n');
	if (lines.at(-1) === '')
		lines.pop();
	lines.forEach((line, number) => {
		try {
			events.push(parseLine(line, number + 1));
		} catch (error) {
			if (!(error instanceof Malformed))
				throw error;
			malformed.push({ line: number + 1, text: error.message });
		}
	});
	return { events, malformed };
}
