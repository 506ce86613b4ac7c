/*
 * Read-ahead of swapped pages: how many neighbours are read with a page, and when the next ones are.
 *
 * Pages that left together lie in neighbouring slots, and are often needed together. Whether they are shows only afterwards, so
 * the last runs that were read are remembered, each as a stream:
 *
 *   - A fault at the end of a stream continues it: the program goes through the pages in order. The window doubles if a
 *     quarter of the last run was used, and halves if it was not. The next run is then begun when the first quarter of the
 *     last one is used: the disk works while the program does, and in the end no fault waits.
 *   - Any other fault begins a stream, in place of one of which no page was used lately. Its window is a guess, one for all of
 *     memory: when a stream is continued or given up, it doubles if a quarter of the first run has been used, and halves if it
 *     has not. At random it soon is 0. Then now and then a stream still reads some neighbours, to see whether that pays again.
 *
 * "Used" means used while the stream is remembered, that is, during the next few dozens of faults. Later most pages would be,
 * by chance.
 *
 * Source: "On-demand readahead" in Linux's mm/readahead.c has windows and a mark within the last one; swap_vma_readahead() guesses.
 */
#include "mm/readahead.h"

#include "kernel/base/panic.h"
#include "mm/backing.h"

#define STREAMS 32
#define GUESS_MOST 7  /* neighbours, where no order is known */
#define IN_ORDER 3    /* the least window of a stream that is continued */
#define TRY_EVERY 24  /* new streams, when the guess is 0: one of them tries IN_ORDER neighbours */
#define LATELY 512    /* pages by which it is judged whether read-ahead pays; it does until LEAN such judgements say no */
#define LEAN 8

u32 readahead_most = IO_MAX - 1;

struct stream {
	u32 from;      /* the first slot of the run before the last */
	u32 slot, n;   /* the last run; n = 0: there was none */
	u32 used;      /* how many of its pages have been used that were read ahead */
	u32 window;    /* how many neighbours were wanted with it */
	bool in_order; /* it has been continued */
	bool touched;  /* since the hand passed it */
};

static struct stream streams[STREAMS];
static struct stream *current = streams, *hand = streams;
static u32 guess = GUESS_MOST;
static u32 tries; /* new streams while the guess is 0 */

/* Of the pages that are being needed: those that a thread waits for, and those that were read ahead. */
static u32 waited_for, came_ahead;
static u32 lean = LEAN; /* how many times LATELY pages have been needed since read-ahead has paid */

bool readahead_pays(void)
{
	return readahead_most && lean < LEAN;
}

/* A page is needed; WHICH is one of the counts above. */
static void count_needed(u32 *which)
{
	++*which;
	if (waited_for + came_ahead < LATELY)
		return;
	lean = came_ahead > LATELY / 8 ? 0 : MIN(lean + 1, LEAN);
	waited_for = came_ahead = 0;
}

static void touch(struct stream *s)
{
	s->touched = true;
	current = s;
}

/* => has S read SLOT, or a slot at most BEYOND - 1 before it? */
static bool reaches(const struct stream *s, u32 slot, u32 beyond)
{
	return s->n && slot >= s->from && slot < s->slot + s->n + beyond;
}

static struct stream *find(u32 slot, u32 beyond)
{
	if (reaches(current, slot, beyond))
		return current;
	for (struct stream *s = streams; s < streams + STREAMS; s++)
		if (reaches(s, slot, beyond))
			return s;
	return NULL;
}

static bool was_touched(struct stream *s)
{
	bool touched = s->touched;

	s->touched = false;
	return touched;
}

/* => the stream that is given up, by CLOCK: none that was touched in the last turn */
static struct stream *oldest(void)
{
	struct stream *s;

	do {
		s = hand;
		hand = s + 1 < streams + STREAMS ? s + 1 : streams;
	} while (was_touched(s));
	return s;
}

/* => was a quarter of the last run used, not counting the page that a thread waited for? */
static bool paid(const struct stream *s)
{
	return 4 * s->used + 1 >= s->n;
}

/* => WINDOW doubled, at most to MOST, or halved */
static u32 adapted(u32 window, bool better, u32 most)
{
	return better ? MIN(2 * window + 1, most) : window / 2;
}

static u32 first_window(void)
{
	if (guess)
		return guess;
	return ++tries % TRY_EVERY ? 0 : IN_ORDER;
}

/* S is continued or given up: was its first run a good guess? */
static void judge_guess(const struct stream *s)
{
	if (s->n > 1 && !s->in_order)
		guess = adapted(guess, paid(s), GUESS_MOST);
}

static void begin_stream(u32 slot)
{
	struct stream *s = oldest();

	judge_guess(s);
	*s = (struct stream){ .from = slot, .slot = slot, .window = first_window() };
	current = s;
}

static void go_on(struct stream *s, bool better)
{
	judge_guess(s);
	s->window = MAX(adapted(s->window, better, IO_MAX - 1), IN_ORDER);
	s->in_order = true;
	touch(s);
}

u32 readahead_window(u32 slot)
{
	struct stream *s;

	if (!readahead_most)
		return 0;
	count_needed(&waited_for);
	s = find(slot, IN_ORDER + 1);
	if (s && slot >= s->slot + s->n)
		go_on(s, paid(s));
	else
		begin_stream(slot);
	return MIN(current->window, readahead_most);
}

void readahead_begun(u32 slot, u32 n)
{
	struct stream *s = current;

	s->from = s->n ? s->slot : slot;
	s->slot = slot;
	s->n = n;
	s->used = 0;
}

u32 readahead_used(u32 slot, u32 *next)
{
	struct stream *s = readahead_most ? find(slot, 0) : NULL;

	count_needed(&came_ahead);
	if (!s)
		return 0;
	touch(s);
	if (slot < s->slot || ++s->used != s->n / 4 + 1 || !s->in_order)
		return 0;
	go_on(s, true);
	*next = s->slot + s->n;
	return MIN(s->window, readahead_most) + 1;
}
