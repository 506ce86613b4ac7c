// A recording that grows while it is watched: text arrives in pieces of any length, whole lines of it become events.

import { History } from './history';
import { StepFinder } from './steps';
import { Malformed, mustRise, parseLine } from './trace';

export class Growing {
	readonly history = new History();
	private readonly finder = new StepFinder();
	private readonly pieces: string[] = [];
	private rest = ''; // of a line that has no end yet
	malformed = 0;

	/** Events beyond this number are not taken: a page that keeps every event must end somewhere. */
	constructor(readonly limit = 500_000) {}

	/** => is there something to show? While the first snapshot is read, there is not. */
	get whole() {
		const { events, first } = this.history;
		return first > 0 || (events.length > 0 && events[0]!.name !== 'hello');
	}

	get steps() {
		return this.finder.steps;
	}

	get full() {
		return this.history.events.length >= this.limit;
	}

	/** => the whole text so far, as a file holds it */
	get text() {
		return this.pieces.join('');
	}

	/** => the same recording up to the event SEQ */
	cut(seq: number): Growing {
		const shorter = new Growing(this.limit);
		const lines = this.text.split('\n');
		const end = lines.findIndex((line) => parseInt(line.slice(1), 10) > seq);
		shorter.append(lines.slice(0, end < 0 ? -1 : end).join('\n') + '\n');
		return shorter;
	}

	append(piece: string) {
		if (this.full)
			return;
		this.pieces.push(piece);
		const lines = (this.rest + piece).split('\n');
		this.rest = lines.pop()!;
		for (const line of lines)
			this.take(line);
	}

	private take(line: string) {
		try {
			const event = parseLine(line, this.history.events.length + this.malformed + 1);
			mustRise(event, this.history.events.at(-1)?.seq ?? 0);
			this.history.append(event);
			this.finder.append(event);
		} catch (error) {
			if (!(error instanceof Malformed))
				throw error;
			this.malformed++;
		}
	}

	/** => has the kernel written its last snapshot, as it does when the machine is switched off? */
	get complete(): boolean {
		const { events, first, last } = this.history;
		const end = events[last];
		return last > first && end?.name === 'snapshot' && end.values.part === 'end';
	}
}
