// A frame has been chosen to lose its page: will the page be written first, or just dropped?

import { frameOwner } from '../../names';
import type { TraceEvent } from '../../trace';
import { say } from '../../words';
import type { Rule } from '../question';

const FAR = 1500; // events until the page is gone
const FATES = ['swap', 'file', 'dropped'];

/** => the index of the event that takes the page from the victim of the event INDEX; -1: its frame is kept or freed otherwise */
function gone(events: readonly TraceEvent[], index: number): number {
	const victim = events[index]!, frame = victim.name === 'victim' ? victim.values.frame : 0;
	for (let i = index + 1; i < Math.min(events.length, index + FAR); i++) {
		const event = events[i]!;
		if (event.seq !== events[i - 1]!.seq + 1)
			return -1;
		if ((event.name === 'evict' || event.name === 'victim' || event.name === 'map' || event.name === 'framefree') && event.values.frame === frame)
			return event.name === 'evict' ? i : -1;
	}
	return -1;
}

/** => the last event at which the policy has not yet looked at the victim: its look tells whether it is dirty */
function unseen(events: readonly TraceEvent[], index: number): number {
	const look = events[index - 1]!;
	return look.name === 'look' && look.values.verdict === 'victim' ? index - 2 : index - 1;
}

export const fate: Rule = {
	name: 'fate',
	asks: (events, index) => events[index]!.name === 'victim',

	question(history, index) {
		const { events } = history, until = gone(events, index), evict = events[until], at = unseen(events, index);
		if (evict?.name !== 'evict' || evict.values.how === 'failed' || at < history.first)
			return null;
		const { frame, kind, how } = evict.values, before = history.at(at);
		const fateOf = how === 'clean' ? 'dropped' : kind === 'anon' ? 'swap' : 'file';
		if (before.victims.has(frame))
			return null; // chosen before, and then kept: its entry is gone already
		const why = how === 'clean' ? `clean.${kind}` : fateOf;
		const page = before.holder.get(frame), slot = (page !== undefined && history.at(until).pages.get(page)?.slot) || 0;
		return { rule: 'fate', at, until, task: 0, several: false, right: [FATES.indexOf(fateOf)],
			text: (lang) => say('predict.fate', lang, { frame, owner: frameOwner(before, frame, lang) }),
			choices: FATES.map((name) => (lang) => say(`predict.fate.choice.${name}`, lang)),
			why: (lang) => say(`predict.fate.why.${why}`, lang, { slot }) };
	},
};
