// Which frames and slots a recording uses for pages. A machine has thousands of them; those that hold a page of a program or a file
// at some time in the recording have their place in the picture, always the same. A recording that is still growing brings more.

import type { History } from './history';
import type { TraceEvent } from './trace';

/** Collects numbers from the events of each history; looks at each event once. */
class Collector {
	private known = new WeakMap<History, { next: number; numbers: Set<number>; sorted: number[] }>();

	constructor(private readonly numbersOf: (event: TraceEvent) => number[]) {}

	/** => the numbers in the events of HISTORY so far, in their order */
	of(history: History): number[] {
		const found = this.known.get(history) ?? { next: 0, numbers: new Set<number>(), sorted: [] };
		const { size } = found.numbers;
		for (; found.next < history.events.length; found.next++)
			for (const number of this.numbersOf(history.events[found.next]!))
				found.numbers.add(number);
		if (found.numbers.size !== size)
			found.sorted = [...found.numbers].sort((a, b) => a - b);
		this.known.set(history, found);
		return found.sorted;
	}
}

const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

const allocatedAs = (...states: string[]) => new Collector((event) => (event.name === 'framealloc' && states.includes(event.values.state)
	? range(event.values.frame, 2 ** event.values.order) : []));
const frames = allocatedAs('anon', 'file'), withTables = allocatedAs('anon', 'file', 'table');
const slots = new Collector((event) => (event.name === 'slotalloc' ? [event.values.slot] : []));

/** => the frames that hold an anonymous page or a file's page at some time, in the order of their numbers */
export const poolOf = (history: History) => frames.of(history);

/** => the same with those that are a page table at some time */
export const poolWithTables = (history: History) => withTables.of(history);

const FEW = 64; // slots that are all drawn, used or not

/** => the slots that have a place in the picture, in the order of their numbers */
export const slotsOf = (history: History) => (history.machine.slots <= FEW ? range(1, history.machine.slots) : slots.of(history));

/** => the highest slot that is used at some time; 0: none */
export const highestSlot = (history: History) => slots.of(history).at(-1) ?? 0;
