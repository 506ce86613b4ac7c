// A store into a private page that its entry protects: will the page be copied, or does its task have it alone?

import { say } from '../../words';
import { faultAt, PRESENT, valuesOf, WRITE } from '../faults';
import type { Rule } from '../question';
import { conditionOf } from './row';

export const copy: Rule = {
	name: 'copy',

	asks(events, index) {
		const event = events[index]!;
		return event.name === 'trap' && (event.values.error & (PRESENT | WRITE)) === (PRESENT | WRITE);
	},

	question(history, index) {
		const fault = faultAt(history, index), right = ['copy', 'private'].indexOf(fault?.fault.values.row ?? '');
		if (!fault || fault.fault.values.result !== 'ok' || right < 0)
			return null;
		return { rule: 'copy', at: index, until: fault.end, task: fault.trap.label, several: false, right: [right],
			text: (lang) => say('predict.copy', lang, valuesOf(fault, lang)),
			choices: ['copied', 'reused'].map((name) => (lang) => say(`predict.copy.choice.${name}`, lang)),
			why: (lang) => conditionOf(fault, lang) };
	},
};
