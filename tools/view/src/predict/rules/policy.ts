// Which policy suits this program's string of references? Asked once, at the end of the recording.

import { taskName } from '../../names';
import { say, type Lang, type Values } from '../../words';
import { countFaults, type PolicyName } from '../policies';
import type { Rule } from '../question';
import { referencesOf } from '../strings';

const REAL: PolicyName[] = ['fifo', 'clock', 'lru']; // what a kernel can do; OPT needs the future

/** => which sentence says why the faults are as they are, of a string of LENGTH references to so many DISTINCT pages */
function reason(faults: Record<PolicyName, number>, length: number, distinct: number): string {
	if (REAL.every((name) => faults[name] === distinct))
		return 'once';
	if (faults.fifo === faults.lru && faults.lru === faults.clock)
		return faults.lru === length && faults.opt < length ? 'circle' : 'same';
	const least = Math.min(...REAL.map((name) => faults[name]));
	return faults.lru === least ? 'recent' : faults.clock === least ? 'chance' : 'order';
}

const RUN = 3; // pages that follow each other, to be written as first-last

/** => STRING as text: the pages numbered in the order of their first use */
function written(string: readonly number[]): string {
	const numbers = new Map([...new Set(string)].map((page, i) => [page, i + 1]));
	const runs: [first: number, last: number][] = [];
	for (const page of string) {
		const number = numbers.get(page)!, run = runs.at(-1);
		if (run && number === run[1] + 1)
			run[1] = number;
		else
			runs.push([number, number]);
	}
	return runs.map(([first, last]) => (last - first + 1 < RUN ? [...new Set([first, last])].join(' ') : `${first}–${last}`)).join(' ');
}

export const policy: Rule = {
	name: 'policy',
	asks: (events, index) => index === events.length - 1,

	question(history, index) {
		const found = referencesOf(history), distinct = new Set(found?.string).size;
		if (!found || distinct < 4)
			return null;
		const { label, string } = found;
		const frames = found.frames < distinct ? found.frames : Math.ceil(distinct / 2); // all in memory: nothing to replace
		const faults = countFaults(string, frames);
		const least = Math.min(...REAL.map((name) => faults[name]));
		const same = REAL.every((name) => faults[name] === least);
		const values = (lang: Lang): Values => ({ task: taskName(history.at(found.end), label, lang), references: string.length,
			pages: distinct, frames, ...faults });
		return { rule: 'policy', at: index, until: index, task: 0, several: false,
			right: same ? [REAL.length] : REAL.flatMap((name, i) => (faults[name] === least ? [i] : [])),
			text: (lang) => say('predict.policy', lang, values(lang)),
			given: (lang) => say('predict.policy.given', lang, { string: written(string) }),
			choices: [...REAL, 'same'].map((name) => (lang) => say(`predict.policy.choice.${name}`, lang)),
			why: (lang) => say(`predict.policy.why.${reason(faults, string.length, distinct)}`, lang, values(lang)) };
	},
};
