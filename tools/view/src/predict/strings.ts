// The string of page references that a recording shows of one task: each page that faulted, and each page in a frame that the
// replacement policy found used. Other references leave no event; the string is as near to the program's as a kernel can know.

import type { History } from '../history';
import { BUILDING } from '../names';

const LONGEST = 3000; // references

export interface References {
	label: number; // of the task
	string: number[]; // addresses of pages, no page twice in a row
	frames: number; // the most of these pages that were in memory at once
	end: number; // index of the last one
}

/** => the references of the task with the most faults; null: nobody had any */
export function referencesOf(history: History): References | null {
	const label = mostFaults(history);
	if (label === null)
		return null;
	let string: number[] = [], mapped = new Map<number, number>(), inside = new Set<number>(); // mapped: frame -> page
	let frames = 0, end = history.first;
	const refer = (page: number, index: number) => {
		end = index;
		if (page !== string.at(-1))
			string.push(page);
	};
	for (let index = history.first + 1; index <= history.last && string.length < LONGEST; index++) {
		const event = history.events[index]!;
		if (event.name === 'look' && event.values.accessed && mapped.has(event.values.frame))
			refer(mapped.get(event.values.frame)!, index);
		if (event.label !== label)
			continue;
		if (event.name === 'fault' && event.values.result === 'ok') {
			refer(event.values.va, index);
		} else if (event.name === 'map') {
			mapped.set(event.values.frame, event.values.va);
			inside.add(event.values.va);
		} else if (event.name === 'unmap') {
			mapped.delete(event.values.frame);
			inside.delete(event.values.va);
		} else if (event.name === 'exec') {
			[string, mapped, inside, frames] = [[], new Map(), new Set(), 0]; // another program
		}
		frames = Math.max(frames, inside.size);
	}
	return { label, string, frames, end };
}

function mostFaults(history: History): number | null {
	const faults = new Map<number, number>();
	for (const { name, label } of history.events.slice(history.first + 1))
		if (name === 'fault' && label < BUILDING)
			faults.set(label, (faults.get(label) ?? 0) + 1);
	return [...faults].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? null;
}
