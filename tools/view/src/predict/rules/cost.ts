// How many page faults will a stretch of the program cost? A stretch is a walk: the program goes upwards through a region, page
// after page. That it does so, and how far, later events say; the reader is told both.

import { address, taskName } from '../../names';
import type { TraceEvent } from '../../trace';
import { say } from '../../words';
import type { Rule } from '../question';

const FAR = 1500; // events of a walk
const STRIDE = 4, SHORTEST = 5; // pages: to the next fault at most; of a walk at least
const PAGE = 4096;

interface Walk { first: number; last: number; faults: number; until: number }

/** => the walk that begins with the fault of the trap INDEX; null: it is not the first of enough faults */
function walkFrom(events: readonly TraceEvent[], index: number): Walk | null {
	const { label } = events[index]!;
	const walk: Walk = { first: -1, last: -1, faults: 0, until: -1 };
	for (let i = index + 1; i < Math.min(events.length, index + FAR); i++) {
		const event = events[i]!;
		if (event.name === 'exit' && event.label === label || event.seq !== events[i - 1]!.seq + 1)
			break;
		if (event.name !== 'fault' || event.label !== label)
			continue;
		const page = event.values.va / PAGE;
		if (walk.first < 0)
			walk.first = page;
		else if (page <= walk.last && page >= walk.first)
			break; // it turns
		else if (page < walk.first || page > walk.last + STRIDE)
			continue; // something else: its code, its stack
		[walk.last, walk.until] = [page, i];
		walk.faults++;
	}
	return walk.faults >= SHORTEST && walk.last - walk.first + 1 >= SHORTEST ? walk : null;
}

/** => does the fault before this one belong to the same walk? */
function continues(events: readonly TraceEvent[], index: number): boolean {
	const trap = events[index]!;
	for (let i = index - 1; i > Math.max(index - 200, 0); i--) {
		const event = events[i]!;
		if (event.name === 'fault' && event.label === trap.label && trap.name === 'trap') {
			const ahead = Math.floor(trap.values.va / PAGE) - event.values.va / PAGE;
			return ahead > 0 && ahead <= STRIDE;
		}
	}
	return false;
}

export const cost: Rule = {
	name: 'cost',
	once: 'all',
	asks: (events, index) => events[index]!.name === 'trap' && !continues(events, index) && walkFrom(events, index) !== null,

	kind(events, index) {
		const walk = walkFrom(events, index)!;
		return walk.faults === walk.last - walk.first + 1 ? 'all' : 'some';
	},

	question(history, index) {
		const walk = walkFrom(history.events, index)!, { label } = history.events[index]!, state = history.at(index);
		const pages = walk.last - walk.first + 1;
		const present = [...(state.spaces.get(label)?.entries.keys() ?? [])].filter((va) => walk.first * PAGE <= va && va <= walk.last * PAGE).length;
		if (walk.faults < pages - present)
			return null; // it has left pages out, which nobody could know
		const numbers = [...new Set([walk.faults, pages, pages - present, present, Math.ceil(pages / 2), 2 * pages])].sort((a, b) => a - b);
		const values = { pages, present, faults: walk.faults, first: address(walk.first * PAGE), last: address(walk.last * PAGE) };
		const why = walk.faults > pages - present ? 'lost' : present ? 'absent' : 'all';
		return { rule: 'cost', at: index, until: walk.until, task: label, several: false, right: [numbers.indexOf(walk.faults)],
			text: (lang) => say('predict.cost', lang, { ...values, task: taskName(state, label, lang) }),
			choices: numbers.map((n) => () => String(n)),
			why: (lang) => say(`predict.cost.why.${why}`, lang, values) };
	},
};
