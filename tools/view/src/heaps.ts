// The heaps of all tasks at each event of a recording. As with the state of the kernel, copies are kept, so that any moment is near
// a known one. Nothing is computed before somebody asks.

import { Heap } from './heap';
import type { History } from './history';
import { firstWith } from './search';
import { parseProgramLine, type ProgramLine } from './trace';

const EVERY = 4000;
/** The lines of a look at all references, but for the first. */
const LOOK = new Set<string>(['heap root', 'heap ref', 'heap stale']);

/** What happens to heaps, in the order of the recording. */
export type Act = { index: number; label: number } & ({ does: 'line'; line: ProgramLine } | { does: 'fork'; parent: number } | { does: 'end' });

export class Heaps {
	readonly acts: Act[] = [];
	private readonly writers = new Set<number>();
	private readonly kept: Map<number, Heap>[] = []; // before the act EVERY * i
	private readonly newest = new Map<number, Heap>(); // after all acts
	private recent = { acts: -1, of: new Map<number, Heap>() };
	private next = 0; // the first event that has not been looked at

	constructor(private readonly history: History) {
		this.follow();
	}

	/** Looks at the events that the recording has got since the last time. */
	follow() {
		const { events } = this.history;
		for (; this.next < events.length; this.next++) {
			const event = events[this.next]!, index = this.next, { label } = event;
			if (event.name === 'fork')
				this.add({ index, label, does: 'fork', parent: event.values.parent });
			else if (event.name === 'exec' || event.name === 'exit')
				this.add({ index, label, does: 'end' });
			const line = event.name === 'user' && parseProgramLine(event.values.line);
			if (line)
				this.add({ index, label, does: 'line', line });
		}
	}

	private add(act: Act) {
		if (this.acts.length % EVERY === 0)
			this.kept.push(copyOf(this.newest));
		this.acts.push(act);
		take(this.newest, act);
		if (act.does === 'line')
			this.writers.add(act.label);
	}

	/** => the tasks that have written such lines */
	get tasks(): number[] {
		return [...this.writers].sort((a, b) => a - b);
	}

	/** => the heap of the task LABEL after the event INDEX, not to be changed; null: nothing is known of it */
	at(label: number, index: number): Heap | null {
		const acts = this.before(index + 1);
		if (acts !== this.recent.acts) {
			const block = Math.floor(Math.max(acts - 1, 0) / EVERY), from = this.recent.acts;
			const near = from >= block * EVERY && from < acts;
			const of = near ? this.recent.of : copyOf(this.kept[block] ?? new Map());
			for (let n = near ? from : block * EVERY; n < acts; n++)
				take(of, this.acts[n]!);
			this.recent = { acts, of };
		}
		return this.recent.of.get(label)?.copy() ?? null;
	}

	/** => is a look at all references of the task LABEL under way after the event INDEX? */
	looking(label: number, index: number): boolean {
		for (let n = this.before(index + 1); n < this.acts.length; n++) {
			const act = this.acts[n]!;
			if (act.label === label)
				return act.does === 'line' && LOOK.has(act.line.name);
		}
		return false;
	}

	/** => how many acts there are before the event INDEX */
	before(index: number): number {
		return firstWith(this.acts.length, (n) => this.acts[n]!.index >= index);
	}
}

function copyOf(of: ReadonlyMap<number, Heap>): Map<number, Heap> {
	return new Map([...of].map(([label, heap]) => [label, heap.copy()]));
}

function take(of: Map<number, Heap>, act: Act) {
	if (act.does === 'end') {
		of.delete(act.label);
	} else if (act.does === 'fork') {
		const parent = of.get(act.parent);
		if (parent)
			of.set(act.label, parent.copy());
	} else {
		if (!of.has(act.label))
			of.set(act.label, new Heap());
		of.get(act.label)!.apply(act.line);
	}
}

const STOPS = new Set<string>(['heap alloc', 'heap realloc', 'heap free', 'heap refs', 'gc alloc', 'gc begin', 'gc end']);

/** => the events at which the task LABEL allocates or frees, a collection or a look at its references begins, sweeps or ends, or the task ends */
export function heapStops(history: History, label: number): number[] {
	let sweeps = false;
	return heapsOf(history).acts.filter((act) => {
		if (act.label !== label || act.does !== 'line')
			return act.label === label && act.does === 'end';
		const began = act.line.name === 'gc sweep' && !sweeps;
		sweeps = act.line.name === 'gc sweep' || act.line.name === 'gc free';
		return began || STOPS.has(act.line.name);
	}).map((act) => act.index);
}

const known = new WeakMap<History, Heaps>();

/** => the heaps of HISTORY as it is now */
export function heapsOf(history: History): Heaps {
	const heaps = known.get(history) ?? new Heaps(history);
	known.set(history, heaps);
	heaps.follow();
	return heaps;
}
