// Must this fault wait for a disk?

import type { History } from '../../history';
import { pageAt } from '../../links';
import { say } from '../../words';
import { endingOf, faultAt, valuesOf, type Fault } from '../faults';
import type { Rule } from '../question';

/** => which sentence says why it waited, or why not; and the slot, if there is one */
function reason(history: History, fault: Fault, index: number): [name: string, slot: number] {
	const before = fault.region && pageAt(fault.state, fault.trap.label, fault.region, fault.page);
	const slot = before?.frame ? 0 : before?.slot ?? 0;
	if (!fault.fault.values.major)
		return [before?.frame ? 'memory' : before?.object ? 'meanwhile' : 'new', 0];
	if (slot)
		return ['slot', slot];
	return [history.events.slice(index, fault.end).some((e) => e.name === 'fileread') ? 'file' : 'busy', 0];
}

export const disk: Rule = {
	name: 'disk',
	asks: (events, index) => events[index]!.name === 'trap',

	kind(events, index) {
		const end = endingOf(events, index);
		return end ? `${end.values.row} ${end.values.major}` : '';
	},

	question(history, index) {
		const fault = faultAt(history, index);
		if (!fault || fault.fault.values.result !== 'ok')
			return null;
		const [name, slot] = reason(history, fault, index);
		return { rule: 'disk', at: index, until: fault.end, task: fault.trap.label, several: false, right: [fault.fault.values.major ? 0 : 1],
			text: (lang) => say('predict.disk', lang, valuesOf(fault, lang)),
			choices: ['yes', 'no'].map((choice) => (lang) => say(`predict.disk.choice.${choice}`, lang)),
			why: (lang) => say(`predict.disk.why.${name}`, lang, { slot }) };
	},
};
