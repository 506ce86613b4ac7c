// The string of page references that a recording shows of one task: each page that faulted, and each page in a frame that the
// replacement policy found used. Other references leave no event; the string is as near to the program's as a kernel can know.

import type { History } from '../history';
import { BUILDING } from '../names';

const LONGEST = 3000; // references

export interface References {
	label: number; // of the task
	string: number[]; // addresses of pages, no page twice in a row
	frames: number; // the most of these pages that were in memory at once
}

/** => the references of the task with the most faults; null: nobody had any */
export function referencesOf(history: History): References | null {
	const label = mostFaults(history);
	if (label === null)
		return null;
	const string: number[] = [], mapped = new Map<number, number>(), inside = new Set<number>(); // mapped: frame -> page
	let frames = 0;
	const refer = (page: number) => page !== string.at(-1) && string.push(page);
	for (const event of history.events.slice(history.first + 1)) {
		if (event.name === 'look' && event.values.accessed && mapped.has(event.values.frame))
			refer(mapped.get(event.values.frame)!);
		if (event.label !== label)
			continue;
		if (event.name === 'fault' && event.values.result === 'ok') {
			refer(event.values.va);
		} else if (event.name === 'map') {
			mapped.set(event.values.frame, event.values.va);
			inside.add(event.values.va);
		} else if (event.name === 'unmap') {
			mapped.delete(event.values.frame);
			inside.delete(event.values.va);
		} else if (event.name === 'exit') {
			break;
		}
		frames = Math.max(frames, inside.size);
		if (string.length >= LONGEST)
			break;
	}
	return { label, string, frames };
}

function mostFaults(history: History): number | null {
	const faults = new Map<number, number>();
	for (const { name, label } of history.events.slice(history.first + 1))
		if (name === 'fault' && label < BUILDING)
			faults.set(label, (faults.get(label) ?? 0) + 1);
	return [...faults].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? null;
}
