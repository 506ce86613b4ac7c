// Two recordings of the same programs under different conditions: which task and which moment of one correspond to those of the
// other, how they are told apart, and how much more of everything one has than the other.
//
// What a program does is the same in both; what the memory manager has to do for it is not. So both are in step where the programs
// have got equally far: at the first fault of a task on a page, at exec and at exit. Between two such points, in proportion.

import { BUILDING } from './names';
import type { History, Machine } from './history';
import { firstWith } from './search';
import { ROWS, seriesOf, type Row, type Series } from './series';
import { say, type Lang } from './words';

/** => the points in HISTORY by which it can be compared: what happened -> index */
function points(history: History): Map<string, number> {
	const found = new Map<string, number>(), names = new Map<number, string>();
	history.events.forEach((event, index) => {
		const { label } = event;
		if (event.name === 'name' || event.name === 'exec')
			names.set(label, event.values.name);
		const what = event.name === 'fault' ? event.values.va >>> 12 : event.name === 'exec' || event.name === 'exit' ? event.name : null;
		const key = `${label} ${names.get(label % BUILDING)} ${what}`;
		if (what !== null && index > history.first && !found.has(key))
			found.set(key, index);
	});
	return found;
}

/** => of PAIRS, sorted by their first numbers, the longest row in which the second ones rise too */
export function rising(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
	const ends: number[] = [], before: number[] = []; // ends[n]: where the best row of n + 1 pairs ends; before: what stands before a pair
	pairs.forEach(([, b], i) => {
		const place = firstWith(ends.length, (n) => pairs[ends[n]!]![1] >= b);
		before.push(ends[place - 1] ?? -1);
		ends[place] = i;
	});
	const row: (readonly [number, number])[] = [];
	for (let i = ends.at(-1) ?? -1; i >= 0; i = before[i]!)
		row.unshift(pairs[i]!);
	return row;
}

/** => for an index of ONE, the index of TWO at which the programs have got equally far */
export function inStep(one: History, two: History): (index: number) => number {
	const others = points(two);
	const common = [...points(one)].filter(([key]) => others.has(key)).map(([key, index]) => [index, others.get(key)!] as const);
	const row = [[one.first, two.first] as const, ...rising(common), [one.end, two.end] as const];
	return (index) => {
		const found = row.findIndex(([a]) => a > index), next = found < 0 ? row.length - 1 : Math.max(found, 1);
		const [a, b] = row[next - 1]!, [a2, b2] = row[next]!;
		return Math.min(Math.round(b + ((index - a) / Math.max(a2 - a, 1)) * (b2 - b)), two.last);
	};
}

/** => the label in HISTORY of the task that is called NAME, LABEL if that one is */
export function sameTask(history: History, label: number, name: string): number {
	const called = new Set<number>();
	for (const event of history.events)
		if ((event.name === 'name' || event.name === 'exec') && event.values.name === name)
			called.add(event.label);
	return called.has(label) ? label : called.values().next().value ?? label;
}

/** => what each of the two is called where they stand side by side: what their machines differ in, else their titles */
export function apart(one: Machine, two: Machine, titles: readonly [string, string], lang: Lang): [string, string] {
	const room = ({ limit, frames }: Machine) => limit || frames;
	const parts = (m: Machine) => [
		...(one.policy !== two.policy ? [m.policy] : []),
		...(room(one) !== room(two) ? [say('curves.frames', lang, { n: room(m).toLocaleString('en') })] : []),
		...(one.slots !== two.slots ? [say('curves.swap', lang, { n: m.slots.toLocaleString('en') })] : []),
	];
	const [a, b] = [parts(one).join(', '), parts(two).join(', ')];
	if (a)
		return [a, b];
	return titles[0] === titles[1] ? [say('curves.first', lang), say('curves.second', lang)] : [titles[0], titles[1]];
}

/** The numbers that are compared. */
export const NUMBERS = [...ROWS, 'written', 'read'] as const;
export type Numbers = Record<(typeof NUMBERS)[number], number>;

/** => how much of everything a series with one stretch has */
export function numbersIn({ faults, written, read }: Series): Numbers {
	return { ...(Object.fromEntries(ROWS.map((row) => [row, faults[row][0]])) as Record<Row, number>), written: written[0]!, read: read[0]! };
}

/** => how much of everything HISTORY has up to the event LAST */
export const numbersOf = (history: History, last = history.last): Numbers =>
	numbersIn(seriesOf(history, 0, { per: history.events.length, window: 0, last }));

export const faultsOf = (numbers: Numbers) => ROWS.reduce((sum, row) => sum + numbers[row], 0);

/** => cycles in which programs ran that the first one has started */
export function busyCycles(history: History): number {
	const alive = new Set<number>();
	let since = 0, sum = 0;
	for (const { name, label, cycles } of history.events.slice(history.first)) {
		if (name === 'fork' && !alive.size)
			since = cycles;
		if (name === 'fork')
			alive.add(label);
		if (name === 'exit' && alive.delete(label) && !alive.size)
			sum += cycles - since;
	}
	return sum + (alive.size ? history.events[history.last]!.cycles - since : 0);
}

/** => in words, how the second recording differs from the first; NAMES: what they are called */
export function difference(a: Numbers, b: Numbers, names: readonly [string, string], lang: Lang): string {
	const disk = (n: Numbers) => n.private_major + n.object_major;
	const [one, two] = names, [faults1, faults2] = [faultsOf(a), faultsOf(b)];
	return say('curves.versus', lang, { one, two, faults1, faults2, more: change(faults1, faults2, lang),
		disk1: disk(a), disk2: disk(b), out1: a.written, out2: b.written, in1: a.read, in2: b.read });
}

function change(a: number, b: number, lang: Lang): string {
	const percent = Math.round((Math.abs(b - a) / Math.max(a, 1)) * 100);
	return a === b ? say('curves.equal', lang) : say(b > a ? 'curves.more' : 'curves.fewer', lang, { percent });
}
