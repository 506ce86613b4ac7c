// One colour for each reader, in the order of their first appearance.

import type { History } from '../../history';
import { BUILDING } from '../../names';

const COLOURS = ['#2f73a5', '#b8622e', '#6f8f3f', '#7d5aa6', '#a8434e', '#2b8079', '#8c6d1f', '#596a8f'];
/** Books on loan that nobody has on the desk. */
export const LOAN = '#8b8364';

const known = new WeakMap<History, Map<number, string>>();

export function coloursOf(history: History): Map<number, string> {
	let colours = known.get(history);
	if (!colours) {
		colours = new Map();
		for (const { label } of history.events)
			if (label && !colours.has(label % BUILDING))
				colours.set(label % BUILDING, COLOURS[colours.size % COLOURS.length]!);
		known.set(history, colours);
	}
	return colours;
}

export const colourOf = (history: History, label: number | undefined) => (label ? coloursOf(history).get(label % BUILDING) : undefined) ?? LOAN;
