// A task that is not there at a moment of a recording: when it was, and what it did.

import type { History } from './history';
import { BUILDING } from './names';

export interface Absence {
	name: string; // at the moment, or its last one before, or its first one
	later: boolean; // it has not begun yet
	nearest: number; // the index of its last event before the moment, or of its first one after it
	faults: number; // in the whole recording,
	major: number; // those that waited for a disk,
	refused: number; // and those that ended with a signal or an error
	left: number; // its anonymous pages that were written to a slot
}

/** => what is known of the task LABEL, which is not there after the event INDEX; null: nothing */
export function absenceOf(history: History, label: number, index: number): Absence | null {
	const found: Absence = { name: '', later: true, nearest: -1, faults: 0, major: 0, refused: 0, left: 0 };
	const mine = new Set<number>();
	let over = true; // it has no space: none yet, or none any more; its thread still has a few events
	history.events.forEach((event, i) => {
		if (event.name === 'slotalloc' && mine.has(event.values.page))
			found.left++;
		if (event.label % BUILDING !== label || !label)
			return;
		if ((event.name === 'name' || event.name === 'run') && (i <= index || !found.name))
			found.name = event.values.name;
		else if (event.name === 'private')
			mine.add(event.values.page);
		if (event.name === 'fault') {
			found.faults++;
			found.major += event.values.major;
			found.refused += +(event.values.result !== 'ok');
		}
		if (event.name === 'exit' && event.label === label)
			over = true;
		else if (event.label === label && ['space', 'fork', 'exec'].includes(event.name)) // exec builds the space under another label
			over = false;
		if (over || i <= history.first)
			return;
		if (i <= index)
			[found.later, found.nearest] = [false, i];
		else if (found.nearest < 0)
			found.nearest = i;
	});
	return found.nearest < 0 ? null : found;
}
