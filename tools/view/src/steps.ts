// Which events belong together. A step is what one thread did for one fault, from the trap to its resolution, or one eviction by
// the kernel itself, or a fork with the entries that it makes read-only, or a single event. At each event a viewer compares with the
// state before its step, so a picture shows all that the step has done so far.

import { EVENTS } from './schema';
import { firstWith } from './search';
import type { View } from './skin';
import type { TraceEvent } from './trace';

export const MEMORY = new Set(['fault', 'map', 'evict', 'look', 'wait', 'slot', 'swap', 'frame', 'page']);
const ENDS = new Set(['fault', 'evict', 'swapread', 'swapwrite']);

export interface Steps {
	start: number[]; // of each event, the first one of its step
	faults: number[]; // events that end a fault
	evictions: number[];
}

/** Takes the events of a recording in their order. */
export class StepFinder {
	readonly steps: Steps = { start: [], faults: [], evictions: [] };
	private readonly open = new Map<number, { index: number; trap: boolean }>(); // thread -> its step
	private thread = 0;

	append(event: TraceEvent) {
		const name = event.name, index = this.steps.start.length;
		if (event.name === 'run')
			this.thread = event.values.thread;
		if (name === 'fault')
			this.steps.faults.push(index);
		if (name === 'evict')
			this.steps.evictions.push(index);
		const mine = this.open.get(this.thread);
		if (name === 'trap' || (!mine && MEMORY.has(EVENTS[name]!.cls)))
			this.open.set(this.thread, { index, trap: name === 'trap' });
		else if (mine && !mine.trap && !MEMORY.has(EVENTS[name]!.cls))
			this.open.delete(this.thread);
		const forks = name === 'fork' && mine && !mine.trap; // it has just made entries read-only
		this.steps.start.push(forks ? mine.index : this.open.get(this.thread)?.index ?? index);
		if (ENDS.has(name) && (name === 'fault' || !this.open.get(this.thread)?.trap))
			this.open.delete(this.thread);
	}
}

export function stepsOf(events: readonly TraceEvent[]): Steps {
	const finder = new StepFinder();
	for (const event of events)
		finder.append(event);
	return finder.steps;
}

/** => the events of the step that VIEW shows, up to its event: those of the step's own thread, not what others did meanwhile */
export function ownEvents({ before, state, from, index, history }: Omit<View, 'change'>): TraceEvent[] {
	let thread = before.running?.thread;
	return history.events.slice(from, index + 1).filter((event) => {
		if (event.name === 'run')
			thread = event.values.thread;
		return thread === state.running?.thread;
	});
}

/** => the next or previous of sorted INDICES beyond INDEX; undefined: none */
export function neighbour(indices: readonly number[], index: number, forward: boolean): number | undefined {
	return forward ? indices[firstWith(indices.length, (n) => indices[n]! > index)] : indices[firstWith(indices.length, (n) => indices[n]! >= index) - 1];
}
