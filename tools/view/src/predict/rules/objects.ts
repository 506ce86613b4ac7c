// A collector has marked what it can reach: which objects will the sweep free? The boxes in the skin Heap show which are marked.

import { address, taskName } from '../../names';
import { parseProgramLine, type ProgramLine, type TraceEvent } from '../../trace';
import { say } from '../../words';
import type { Rule } from '../question';

const EACH = 3; // objects shown, of those that die and of those that live

interface Thing { at: number; size: number }
interface Collection { collector: string; sweep: number; until: number; live: Thing[]; dead: Thing[] }

const lineOf = (event: TraceEvent): ProgramLine | null => (event.name === 'user' ? parseProgramLine(event.values.line) : null);

/** => what the collection does that the event INDEX begins; null: it does not end */
function collectionAt(events: readonly TraceEvent[], index: number): Collection | null {
	const begin = lineOf(events[index]!), { label } = events[index]!;
	const live = new Map<number, Thing>(), dead = new Map<number, Thing>();
	let sweep = -1;
	for (let i = index + 1; i < events.length; i++) {
		const line = events[i]!.label === label ? lineOf(events[i]!) : null;
		if (line?.name === 'gc mark')
			live.set(line.values.at, line.values);
		else if (line?.name === 'gc sweep' && sweep < 0)
			sweep = i;
		else if (line?.name === 'gc free')
			dead.set(line.values.at, line.values);
		else if (line?.name === 'gc begin')
			return null;
		else if (line?.name === 'gc end' && begin?.name === 'gc begin' && sweep >= 0)
			return { collector: begin.values.collector, sweep, until: i, live: [...live.values()], dead: [...dead.values()] };
	}
	return null;
}

/** => COUNT of LIST at most, from all over it */
const some = (list: Thing[], count: number) => list.filter((_, i) => Math.floor((i * count) / list.length) !== Math.floor(((i - 1) * count) / list.length));

export const objects: Rule = {
	name: 'objects',
	asks: (events, index) => lineOf(events[index]!)?.name === 'gc begin',

	question(history, index) {
		const found = collectionAt(history.events, index);
		if (!found?.live.length || !found.dead.length)
			return null;
		const dying = some(found.dead, EACH), boxes = [...some(found.live, EACH), ...dying].sort((a, b) => a.at - b.at);
		const { label } = history.events[index]!, { collector } = found, at = found.sweep - 1;
		return { rule: 'objects', at, until: found.until, task: label, skin: 'heap', boxes: boxes.map((box) => box.at), several: true,
			right: boxes.flatMap((box, i) => (dying.includes(box) ? [i] : [])),
			text: (lang) => say('predict.objects', lang, { task: taskName(history.at(at), label, lang), collector, live: found.live.length }),
			choices: boxes.map((box) => (lang) => say('predict.objects.choice', lang, { at: address(box.at), size: box.size })),
			why: (lang) => say('predict.objects.why', lang, { live: found.live.length, dead: found.dead.length }) };
	},
};
