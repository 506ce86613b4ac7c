// Which row of the fault table (mm/fault.c) serves this fault?

import { linksOf } from '../../links';
import { address, objectName } from '../../names';
import { known, say, type Lang, type Values } from '../../words';
import { endingOf, faultAt, valuesOf, WRITE, type Fault } from '../faults';
import type { Rule } from '../question';

/** The rows that can serve an access, in the order of the table. */
const ROWS = {
	read: ['private', 'object', 'zero_read'],
	write: ['private', 'copy', 'object', 'promote', 'zero_fill'],
};

/** => the row's condition, from the words of tools/trace/story */
export function conditionOf(fault: Fault, lang: Lang): string {
	const { row, access, result } = fault.fault.values, { state, after, page, trap, region } = fault;
	const id = state.spaces.get(trap.label)?.private.get(page) ?? 0;
	const values: Values = { va: address(trap.values.va), object: region?.obj ? objectName(after, region.obj, lang) : '',
		refs: linksOf(state).owners.get(id)?.length ?? 0, source: state.pages.get(id)?.frame ?? 0,
		frame: after.spaces.get(trap.label)?.entries.get(page)?.[0] ?? 0 };
	const key = result === 'ok' ? `story.why.${row}.${access}` : `story.why.${result}`;
	return known(key) ? say(key, lang, values) : '';
}

export const row: Rule = {
	name: 'row',
	asks: (events, index) => events[index]!.name === 'trap',

	kind(events, index) {
		const end = endingOf(events, index);
		return end ? `${end.values.access} ${end.values.row}` : '';
	},

	question(history, index) {
		const fault = faultAt(history, index);
		if (!fault || fault.fault.values.result === 'killed')
			return null;
		const access = fault.trap.values.error & WRITE ? 'write' : 'read';
		const choices = [...ROWS[access], 'refused'];
		const right = choices.indexOf(fault.fault.values.result === 'ok' ? fault.fault.values.row : 'refused');
		if (right < 0)
			return null;
		const place = fault.region ? 'page' : 'nowhere';
		return { rule: 'row', at: index, until: fault.end, task: fault.trap.label, several: false, right: [right],
			text: (lang) => say(`predict.row.${access}.${place}`, lang, valuesOf(fault, lang)),
			choices: choices.map((name) => (lang) => say(`predict.row.choice.${name}`, lang)),
			why: (lang) => conditionOf(fault, lang) };
	},
};
