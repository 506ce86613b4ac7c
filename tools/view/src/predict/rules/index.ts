import type { Rule } from '../question';
import { policy } from './policy';
import { row } from './row';

/** The rules, the rarer ones first: of two that were asked equally often, the first one is asked. */
export const RULES: Rule[] = [row];
/** Asks about the whole recording, at its end. */
export const LAST = policy;
