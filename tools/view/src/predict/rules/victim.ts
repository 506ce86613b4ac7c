// The policy begins to look for a victim: where will it stop? The reader gets the frames that the policy will come to, with the
// accessed bits that it will find there, which nobody else can know; the rest is the policy's rule.

import type { TraceEvent } from '../../trace';
import { say } from '../../words';
import type { Rule } from '../question';

const FAR = 400, AHEAD = 2, SHOWN = 4; // events of a search; frames shown behind the victim, and before it
const POLICIES = ['clock', 'fifo'];

interface Look { frame: number; accessed: number; verdict: string; index: number }

/** => the looks from the event FROM on at frames that may leave, each frame once, up to the victim; null: no victim is found */
function search(events: readonly TraceEvent[], from: number): { looks: Look[]; victim: Look } | null {
	const looks: Look[] = [];
	for (let index = from; index < Math.min(events.length, from + FAR); index++) {
		const event = events[index]!;
		if (event.name !== 'look' || event.values.verdict === 'skipped')
			continue;
		const look = { ...event.values, index };
		if (!looks.some((l) => l.frame === look.frame))
			looks.push(look);
		if (look.verdict === 'victim')
			return { looks, victim: look };
	}
	return null;
}

/** => the frames to choose from, in the order of the policy: some that it passes, the victim, and those that it comes to next */
function choicesOf(events: readonly TraceEvent[], { looks, victim }: { looks: Look[]; victim: Look }): Look[] {
	const passed = looks.filter((l) => l.frame !== victim.frame);
	const shown = [...passed.slice(0, SHOWN / 2), ...passed.slice(SHOWN / 2).slice(-SHOWN / 2)];
	const wanted = looks.filter((l) => l.frame === victim.frame || shown.includes(l)); // a second round finds its victim among the first
	const next = search(events, victim.index + 1)?.looks.filter((l) => !looks.some((m) => m.frame === l.frame)) ?? [];
	return [...wanted, ...next.slice(0, AHEAD)];
}

export const victim: Rule = {
	name: 'victim',

	asks(events, index) {
		if (events[index]!.name !== 'look')
			return false;
		let before = index - 1;
		while (before > index - FAR && before > 0 && events[before]!.name !== 'look')
			before--;
		const last = events[before]!;
		return last?.name !== 'look' || last.values.verdict === 'victim';
	},

	question(history, index) {
		const { events } = history, found = search(events, index), at = index - 1;
		const { policy } = history.at(at);
		if (!found || at < history.first || !POLICIES.includes(policy))
			return null;
		const choices = choicesOf(events, found), right = choices.findIndex((l) => l.frame === found.victim.frame);
		if (choices.length < 3)
			return null;
		const round = found.looks.find((l) => l.frame === found.victim.frame) !== found.victim;
		const why = policy === 'fifo' ? 'fifo' : round ? 'round' : found.looks.length > 1 ? 'passed' : 'first';
		const { hand } = history.at(at), values = { frame: found.victim.frame, passed: found.looks.length - 1, hand: hand ?? '', policy };
		return { rule: 'victim', at, until: found.victim.index, task: 0, several: false, right: [right],
			text: (lang) => say(hand === null ? 'predict.victim.first' : 'predict.victim', lang, values),
			choices: choices.map(({ frame, accessed }) => (lang) => say('predict.victim.choice', lang, { frame, accessed })),
			why: (lang) => say(`predict.victim.why.${why}`, lang, values) };
	},
};
