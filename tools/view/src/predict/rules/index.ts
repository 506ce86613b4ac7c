import type { Rule } from '../question';
import { copy } from './copy';
import { cost } from './cost';
import { disk } from './disk';
import { fate } from './fate';
import { objects } from './objects';
import { policy } from './policy';
import { row } from './row';
import { victim } from './victim';

/** The rules, the rarer ones first: of those that have had their turn equally often, the first one is asked. */
export const RULES: Rule[] = [objects, cost, copy, victim, fate, row, disk];
/** Asks about the whole recording, at its end. */
export const LAST = policy;
