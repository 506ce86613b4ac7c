// Which events belong together. A step is what one thread did for one fault, from the trap to its resolution, or one eviction by
// the kernel itself, or a single event. At each event a viewer compares with the state before its step, so a picture shows all
// that the step has done so far.

import { EVENTS } from './schema';
import type { TraceEvent } from './trace';

const MEMORY = new Set(['fault', 'map', 'evict', 'look', 'wait', 'slot', 'swap', 'frame', 'page']);
const ENDS = new Set(['fault', 'evict', 'swapread', 'swapwrite']);

export interface Steps {
	start: Int32Array; // of each event, the first one of its step
	faults: number[]; // events that end a fault
	evictions: number[];
}

export function stepsOf(events: readonly TraceEvent[]): Steps {
	const steps: Steps = { start: new Int32Array(events.length), faults: [], evictions: [] };
	const open = new Map<number, { index: number; trap: boolean }>(); // thread -> its step
	let thread = 0;
	events.forEach((event, index) => {
		const name = event.name;
		if (event.name === 'run')
			thread = event.values.thread;
		if (name === 'fault')
			steps.faults.push(index);
		if (name === 'evict')
			steps.evictions.push(index);
		const mine = open.get(thread);
		if (name === 'trap' || (!mine && MEMORY.has(EVENTS[name]!.cls)))
			open.set(thread, { index, trap: name === 'trap' });
		else if (mine && !mine.trap && !MEMORY.has(EVENTS[name]!.cls))
			open.delete(thread);
		steps.start[index] = open.get(thread)?.index ?? index;
		if (ENDS.has(name) && (name === 'fault' || !open.get(thread)?.trap))
			open.delete(thread);
	});
	return steps;
}

/** => the next or previous of sorted INDICES beyond INDEX; undefined: none */
export function neighbour(indices: readonly number[], index: number, forward: boolean): number | undefined {
	return forward ? indices.find((i) => i > index) : indices.findLast((i) => i < index);
}
