// The reducer against the machine: at each stop of a run the tables that were walked in the machine's memory (tools/test/held.py)
// and the owners of its slots are those of the state at that line.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Entry } from '../src/space';
import { State } from '../src/state';
import { parseTrace } from '../src/trace';

interface Walk {
	lines: number; // of the recording, up to the stop
	spaces: Record<string, { entries: Record<string, Entry> }>;
	slots: Record<string, number>;
}

const folder = process.env.VIEW_STOPS ?? '';

const named = (entry: Entry) => `frame ${entry[0]}, ${entry[1] ? 'writable' : 'read-only'}`;

/** => "space, page in hex" -> what is there, of all spaces; "slot" -> its owner */
function walked(walk: Walk): Record<string, string> {
	const pages = Object.entries(walk.spaces).flatMap(([label, { entries }]) =>
		Object.entries(entries).map(([va, entry]) => [`${label}, ${Number(va).toString(16)}`, named(entry)]));
	return Object.fromEntries([...pages, ...Object.entries(walk.slots).map(([slot, page]) => [`slot ${slot}`, page.toString(16)])]);
}

function told(state: State): Record<string, string> {
	const pages = [...state.spaces].flatMap(([label, { entries }]) =>
		[...entries].map(([va, entry]) => [`${label}, ${va.toString(16)}`, named(entry)]));
	return Object.fromEntries([...pages, ...[...state.slots].map(([slot, page]) => [`slot ${slot}`, page.toString(16)])]);
}

test.skipIf(!folder)('at each stop the machine holds what the state says', () => {
	const read = (name: string) => readFileSync(join(folder, name), 'utf8');
	const walks = JSON.parse(read('walks.json')) as Walk[];
	const { events } = parseTrace(read('trace.txt'));
	const state = new State();
	let done = 0;
	for (const walk of walks) {
		for (; done < walk.lines; done++)
			state.apply(events[done]!);
		expect([...state.spaces.keys()].sort(), `spaces at @${events[done - 1]!.seq}`).toEqual(Object.keys(walk.spaces).map(Number).sort());
		expect(told(state), `at @${events[done - 1]!.seq}`).toEqual(walked(walk));
	}
	expect(walks.length).toBe(21);
});
