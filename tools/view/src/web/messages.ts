// What the page and the machine's worker say to each other.

import type { Parts, Setting } from './machine';

export type ToMachine =
	| { do: 'start'; parts: Parts; setting: Setting }
	| { do: 'type'; text: string }
	| { do: 'run' } // from the present on
	| { do: 'go'; seq: number; straight?: boolean } // to an event of the past, to be held there; straight: from the beginning
	| { do: 'branch' }; // the event at which it is held becomes the present

export type FromMachine =
	| { is: 'more'; trace: string; output: Uint8Array } // what the present has written
	| { is: 'at'; seq: number; printed: number; entries: number[]; hash: string; ms: number } // held; so many bytes are on the terminal
	| { is: 'ended'; value: number }
	| { is: 'failed'; text: string };
