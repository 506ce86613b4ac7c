// The reducer against its twin in Python: on recordings that make no sense, and on a real one.

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Space } from '../src/space';
import { State } from '../src/state';
import { parseTrace } from '../src/trace';
import { fileWith, python, randomTrace } from './python';

const EVERY = 500;

function plain(value: unknown): unknown {
	if (value instanceof Map)
		return Object.fromEntries([...value].map(([k, v]) => [String(k), plain(v)]));
	if (value instanceof Set)
		return [...value].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
	if (Array.isArray(value))
		return value.map(plain);
	if (value instanceof Space)
		return plain({ ...value });
	if (value && typeof value === 'object')
		return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
	return value;
}

/** => STATE as dump.py writes it */
function dumped(state: State): unknown {
	const { event, objectNames, running, traps, ...parts } = state;
	void event;
	return plain({ ...parts, object_names: objectNames, running: running && [running.thread, running.label],
		traps: new Map([...traps].map(([label, t]) => [label, [t.thread, t.va, t.error, t.ip]])) });
}

function compare(text: string) {
	const expected = python('dump.py', 'state', fileWith(text), EVERY).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);
	const state = new State();
	const { events } = parseTrace(text);
	let checked = 0;
	events.forEach((event, index) => {
		state.apply(event);
		if ((index + 1) % EVERY === 0 || index === events.length - 1)
			expect(dumped(state.copy()), `after ${index + 1} events`).toEqual(expected[checked++]);
	});
	expect(checked).toBe(expected.length);
}

test.each([1, 2, 3])('random recording %i', (seed) => compare(randomTrace(seed, 3000)));

const real = process.env.VIEW_TRACE ?? '';
test.skipIf(!existsSync(real))('a real recording', () => compare(readFileSync(real, 'utf8')));
