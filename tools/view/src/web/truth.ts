// The truth light: are the pages that the processor's own tables map those that the events say? A thread of the kernel runs
// with whatever directory was loaded last, so for it any space will do; a task in exec has its old space or the new one.

import { BUILDING } from '../names';
import type { Entry } from '../space';
import type { State } from '../state';

export interface Truth {
	label: number; // the space whose tables were walked; 0: tables without user pages
	pages: number; // that the tables map
	differences: { va: number; tables: Entry | undefined; events: Entry | undefined }[];
}

/** WALKED: address, frame and writable of each page that the tables map, one after the other */
export function compare(state: State, walked: readonly number[]): Truth {
	const tables = new Map<number, Entry>();
	for (let i = 0; i < walked.length; i += 3)
		tables.set(walked[i]!, [walked[i + 1]!, walked[i + 2]!]);
	const label = state.running?.label ?? 0;
	const labels = label ? [label, label + BUILDING] : [0, ...state.spaces.keys()];
	const found = labels.map((l) => ({ label: l, pages: tables.size, differences: differences(tables, state.spaces.get(l)?.entries ?? new Map()) }));
	return found.reduce((best, next) => (next.differences.length < best.differences.length ? next : best));
}

function differences(tables: ReadonlyMap<number, Entry>, events: ReadonlyMap<number, Entry>): Truth['differences'] {
	return [...new Set([...tables.keys(), ...events.keys()])].map((va) => ({ va, tables: tables.get(va), events: events.get(va) }))
		.filter(({ tables: t, events: e }) => !t || !e || t[0] !== e[0] || t[1] !== e[1]).sort((a, b) => a.va - b.va);
}
