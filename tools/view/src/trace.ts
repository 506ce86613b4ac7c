// Reads the lines of a trace as events, by the schema: the twin of tools/trace/reader.py.
//
// A line is `@SEQ CYCLES LABEL EVENT key=value ...`; the field `at`, the address of the code that emitted the event, may stand
// before the last field of type text, or at the end.

import { EVENTS, PROGRAM_LINES, VERSION, type EventValues, type FieldType, type Kind, type LineValues } from './schema';

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

const SHAPE = /^@(\d{1,10}) (\d{1,20}) (\d{1,10}) ([a-z]+)(?: (.*))?$/s;
const LONGEST = 1000; // characters of a line; the kernel's are shorter
const FRAMES_MOST = 2 ** 20, SLOTS_MOST = 2 ** 24; // of a machine

function valueOf(name: string, type: FieldType, text: string): number | string {
	if (type === 'word' || type === 'text')
		return text;
	if (typeof type !== 'string') {
		if (!type.includes(text))
			throw new Malformed(`${name}=${text}: not one of ${type.join('|')}`);
		return text;
	}
	const decimal = type === 'dec' || type === 'signed', least = type === 'signed' ? -(2 ** 31) : 0;
	const number = (decimal ? /^-?\d{1,10}$/ : /^(0x)?[0-9a-f]{1,8}$/i).test(text) ? parseInt(text, decimal ? 10 : 16) : NaN;
	if (!(number >= least && number < least + 2 ** 32))
		throw new Malformed(`${name}=${text}: not a number of 32 bits`);
	return number;
}

/** Takes the fields of KIND from REST. => their values, and the address of the field `at`, or 0 */
function valuesOf(kind: Kind, rest: string): [Record<string, number | string>, number] {
	const values: Record<string, number | string> = {};
	let at = 0;
	const takeAt = () => {
		const found = /^at=0x([0-9a-f]{1,8})(?: |$)/.exec(rest);
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

/** Throws unless the event `hello` is of this schema and of a machine that can exist. */
function know({ version, page, frames, slots }: EventValues['hello']) {
	if (version !== VERSION)
		throw new Malformed(`version ${version} of the schema; this page knows ${VERSION}`);
	if (page !== 4096 || frames > FRAMES_MOST || slots > SLOTS_MOST)
		throw new Malformed('there is no such machine');
}

/** => the event of one line without its end; throws Malformed */
export function parseLine(text: string, line = 0): TraceEvent {
	const shape = text.length <= LONGEST ? SHAPE.exec(text) : null;
	if (!shape)
		throw new Malformed(`line ${line}: ${text.slice(0, 100)}: not a line of a trace (@SEQ CYCLES LABEL EVENT key=value ...)`);
	const name = shape[4]!;
	if (!Object.hasOwn(EVENTS, name))
		throw new Malformed(`line ${line}: ${text.slice(0, 100)}: the event ${name} is not in tools/trace.schema`);
	try {
		const [values, at] = valuesOf(EVENTS[name]!, shape[5] ?? '');
		if (name === 'hello')
			know(values as unknown as EventValues['hello']);
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

/** Throws unless EVENT comes after the one with the number LAST. */
export function mustRise(event: TraceEvent, last: number) {
	if (event.seq <= last)
		throw new Malformed(`line ${event.line}: @${event.seq} follows @${last}, but numbers rise; are these parts of two recordings?`);
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
			const event = parseLine(line, number + 1);
			mustRise(event, events.at(-1)?.seq ?? 0);
			events.push(event);
		} catch (error) {
			if (!(error instanceof Malformed))
				throw error;
			malformed.push({ line: number + 1, text: error.message });
		}
	});
	return { events, malformed };
}
