// Which frames and slots a recording uses for pages. A machine has thousands of them; those that hold a page of a program or a file
// at some time in the recording have their place in the picture, always the same.

import type { History } from './history';

const known = new WeakMap<History, number[]>();

/** => the frames that hold an anonymous page or a file's page at some time, in the order of their numbers */
export function poolOf(history: History): number[] {
	let pool = known.get(history);
	if (!pool) {
		const frames = new Set<number>();
		for (const event of history.events)
			if (event.name === 'framealloc' && (event.values.state === 'anon' || event.values.state === 'file'))
				for (let i = 0; i < 2 ** event.values.order; i++)
					frames.add(event.values.frame + i);
		pool = [...frames].sort((a, b) => a - b);
		known.set(history, pool);
	}
	return pool;
}

const FEW = 64; // slots that are all drawn, used or not
const knownSlots = new WeakMap<History, number[]>();

/** => the slots that have a place in the picture, in the order of their numbers */
export function slotsOf(history: History): number[] {
	let slots = knownSlots.get(history);
	if (!slots) {
		const all = history.machine.slots;
		const used = new Set(all <= FEW ? Array.from({ length: all }, (_, i) => i + 1) : []);
		for (const event of history.events)
			if (event.name === 'slotalloc')
				used.add(event.values.slot);
		slots = [...used].sort((a, b) => a - b);
		knownSlots.set(history, slots);
	}
	return slots;
}
