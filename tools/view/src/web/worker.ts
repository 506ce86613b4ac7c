// The machine in a worker of its own: runs it, and does what the page asks between two rounds.

import { realNow } from './clock';
import { Machine } from './machine';
import type { FromMachine, ToMachine } from './messages';

const SHARE_MS = 12, TELL_MS = 60;
const tell = (message: FromMachine) => (postMessage as (m: FromMachine) => void)(message);

let machine: Machine | null = null;
let present: ReturnType<Machine['save']> | null = null; // while the machine is in the past
let wanted: { seq: number; straight?: boolean } | null = null; // the event to go to
let wake = () => {};
let told = 0;

/** Waits for so many ms, or until the page says something. */
function rest(ms: number): Promise<void> {
	return new Promise((done) => {
		const timer = setTimeout(done, ms);
		wake = () => {
			clearTimeout(timer);
			done();
		};
	});
}

/** Lets messages come in. */
function breathe(): Promise<void> {
	return new Promise((done) => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			port1.close();
			done();
		};
		port2.postMessage(null);
	});
}

function tellMore(m: Machine) {
	if (m.trace.length || m.output.length)
		tell({ is: 'more', trace: new TextDecoder().decode(new Uint8Array(m.trace)), output: new Uint8Array(m.output) });
	[m.trace, m.output, told] = [[], [], realNow()];
}

async function runPresent(m: Machine) {
	const until = realNow() + SHARE_MS;
	let idle = 0;
	while (!idle && m.ended === null && realNow() < until) {
		idle = m.round();
		m.remember();
	}
	if (idle || m.ended !== null || realNow() - told > TELL_MS)
		tellMore(m);
	if (m.ended !== null)
		tell({ is: 'ended', value: m.ended });
	await (idle ? rest(idle) : breathe());
}

async function travel(m: Machine, goal: { seq: number; straight?: boolean }) {
	const began = realNow();
	if (!present) {
		while (!m.quiet)
			m.round();
		tellMore(m);
		present = m.save();
	}
	m.leaveFor(goal.seq, goal.straight);
	let share = began + SHARE_MS;
	while (!m.held && wanted === goal) {
		m.round();
		if (realNow() > share) {
			await breathe();
			share = realNow() + SHARE_MS;
		}
	}
	[m.trace, m.output] = [[], []];
	if (wanted !== goal)
		return;
	wanted = null;
	tell({ is: 'at', seq: m.seq, printed: m.printed, entries: m.entries(), hash: m.hash(), ms: realNow() - began });
}

async function live(m: Machine) {
	for (;;)
		if (wanted !== null)
			await travel(m, wanted);
		else if (!present && m.ended === null)
			await runPresent(m);
		else
			await rest(1e6);
}

function obey(m: Machine, message: ToMachine) {
	if (message.do === 'type')
		m.type(message.text);
	else if (message.do === 'go')
		wanted = message;
	else if (message.do === 'branch')
		m.branch();
	if (message.do === 'run') {
		wanted = null;
		if (present)
			m.restore(present);
	}
	if (message.do === 'run' || message.do === 'branch')
		present = null;
}

onmessage = async ({ data }: MessageEvent<ToMachine>) => {
	try {
		if (data.do === 'start') {
			machine = await Machine.create(data.parts, data.setting);
			await live(machine);
		} else if (machine) {
			obey(machine, data);
			wake();
		}
	} catch (error) {
		tell({ is: 'failed', text: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) });
	}
};
