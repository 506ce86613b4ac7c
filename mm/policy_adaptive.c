/*
 * Adaptive: CLOCK, and bets against it that the policy can afford to lose.
 *
 * CLOCK keeps a new page for two rounds of its hand. If most pages are used once (a scan) or again too late (a loop
 * that is longer than memory), pages that will be used sooner are evicted meanwhile. For other programs two rounds are
 * right, and a policy that distrusts new pages has more faults than CLOCK. Which kind a program is, is known only
 * afterwards. So this policy keeps books of what CLOCK would have in memory, and deviates from CLOCK by one page at a
 * time:
 *
 *   A page is a NEWCOMER until it is used again after its first use. A bet evicts the oldest newcomer, and spares the
 *   page that CLOCK would evict. The bet is won if the spared page is used again: CLOCK would have a fault there. It
 *   is lost if the newcomer is needed again while CLOCK would still have it. Otherwise it is a draw.
 *
 * The PURSE is the number of faults that bets may cost. A bet that is won adds one to it, a bet that is lost takes one
 * and a half (some losses escape the books), and each fault adds 1/STAKE, so that there is always something to try.
 * The open bets never exceed the purse. So there are at most 1/STAKE more faults than with CLOCK, whatever the program
 * does, as far as the books are right; and if bets are won the purse grows until they take up all of memory.
 *
 * The books: CLOCK's pages are those on the CIRCLE, whose front is the hand, and the ABSENT ones, which bets evicted.
 * A page that the hand gives up is SPARED; the page that has been spared longest is the victim if there is no bet.
 * CLOCK has no more memory than there is, so at least as many pages are spared as absent. A newcomer that is not used
 * is given up when the hand meets it for the second time. So f->age tells in which ERA (a quarter of a round of the
 * hand) a page came in, and a page is absent no more when two rounds have passed since. A page of a file leaves no note,
 * so that a lost bet on it would not show: it is never a newcomer.
 *
 * Sources: Corbato's clock (policy_clock.c); probation from Johnson and Shasha, 2Q, 1994, and Yang et al., FIFO Queues
 * Are All You Need for Cache Eviction, 2023; to judge two policies by what each would have kept from Megiddo and
 * Modha, ARC, 2003, and Vietri et al., Driving Cache Replacement with ML-based LeCaR, 2018.
 */
#include "mm/policy.h"

#define STAKE 32 /* the purse counts in these parts of a fault */
#define LOSS (STAKE + STAKE / 2)
#define RING 4   /* pages that came in so recently that their use is still the first */
#define ERAS 8   /* two rounds of the hand */
#define PROBATION(members) (RING + (members) / 16) /* the latest newcomers, which no bet evicts */

/* f->age: flags, and in the upper half the era in which the page came in, modulo 16. */
#define NEWCOMER 1
#define FRESH 2  /* its accessed bit is still that of its first use */
#define CHANCE 4 /* its accessed bit was cleared before CLOCK's hand came by, which takes the bit as set */
#define SPARED 8
#define ERA_SHIFT 4

static struct list circle, spared;
static u32 on_circle, on_spared, newcomers;
static struct list *oldest; /* on the circle: no newcomer stands before it; &circle: there is none */
static s32 purse;

static u32 era;
static u32 era_part;  /* ERAS / 2 for each page that the hand met in this era, which ends at the circle's length */
static struct {
	u32 absent;   /* pages that came in then */
	u32 victims;  /* looked for before then */
} eras[ERAS];         /* the latest; era N is at N % ERAS */
static u32 absent;    /* the sum */
static u32 victims;   /* looked for ever */

static struct frame *ring[RING];
static u32 ring_next;
static u32 since_victim; /* pages that came in since a victim was last looked for */

static u32 members(void) { return on_circle + on_spared; }
static u32 eras_since(const struct frame *f) { return (era - (f->age >> ERA_SHIFT)) % 16; }
static u32 *absent_with(const struct frame *f) { return &eras[(era - eras_since(f)) % ERAS].absent; }

static void adaptive_init(void)
{
	list_init(&circle);
	list_init(&spared);
	oldest = &circle;
	on_circle = on_spared = newcomers = 0;
	purse = 0;
	era = era_part = absent = victims = since_victim = 0;
	for (u32 i = 0; i < ERAS; i++)
		eras[i].absent = eras[i].victims = 0;
	for (u32 i = 0; i < RING; i++)
		ring[i] = NULL;
}

/* --- the circle, the spared pages, the ring ---------------------------------------------------------------------- */

/* At its end, or before WHERE. */
static void enter_circle(struct frame *f, struct list *where)
{
	list_push_back(where, &f->link);
	on_circle++;
	if ((f->age & NEWCOMER) && oldest == &circle)
		oldest = &f->link;
}

static void leave_circle(struct frame *f)
{
	if (oldest == &f->link)
		oldest = oldest->next;
	list_remove(&f->link);
	on_circle--;
}

static void leave_spared(struct frame *f)
{
	list_remove(&f->link);
	on_spared--;
}

static void stop_newcomer(struct frame *f)
{
	newcomers -= f->age & NEWCOMER;
	f->age &= ~(NEWCOMER | FRESH);
}

/* F was found accessed. */
static void note_use(struct frame *f)
{
	if (f->age & FRESH)
		f->age &= ~FRESH;
	else
		stop_newcomer(f);
}

static void end_first_use(struct frame *f)
{
	policy_clear_accessed(f);
	f->age = (f->age & ~FRESH) | CHANCE;
}

/* F came in; the page that came in RING pages before it has had its first use. */
static void enter_ring(struct frame *f)
{
	struct frame **place = &ring[ring_next++ % RING], *out = *place;

	*place = f;
	if (out && policy_accessed(out))
		end_first_use(out);
}

static void leave_ring(const struct frame *f)
{
	for (u32 i = 0; i < RING; i++)
		if (ring[i] == f)
			ring[i] = NULL;
}

/* --- pages come and go ------------------------------------------------------------------------------------------- */

/* => did a bet evict F's page, and would CLOCK still have it? An older note would be taken for one of these eras. */
static bool is_absent(const struct frame *f)
{
	u32 lately = victims - eras[(era + 1) % ERAS].victims;

	return (f->age & NEWCOMER) && policy_evictions_since(f) <= lately && eras_since(f) < ERAS;
}

/* To CLOCK, F never left: it stands about where the bet found it. */
static void lose(struct frame *f)
{
	u32 *there = absent_with(f);

	if (*there) {
		--*there;
		absent--;
	}
	purse -= LOSS;
	f->age = 0;
	enter_circle(f, oldest);
}

/* Spared pages were freed, so CLOCK would have as much room: the pages that have been absent longest are forgotten. */
static void limit_absent(void)
{
	for (u32 i = 1; i <= ERAS && absent > on_spared; i++) {
		u32 *there = &eras[(era + i) % ERAS].absent, n = MIN(*there, absent - on_spared);

		*there -= n;
		absent -= n;
	}
}

static void adaptive_admit(struct frame *f)
{
	s32 limit;

	limit_absent();
	if (is_absent(f)) {
		lose(f);
	} else {
		f->age = f->state == FRAME_ANON ? NEWCOMER | FRESH | (u8)(era << ERA_SHIFT) : 0;
		newcomers += f->age & NEWCOMER;
		enter_circle(f, &circle);
	}
	limit = (s32)members() * STAKE;
	purse = MAX(MIN(purse + 1, limit), -limit);
	if (++since_victim < members())
		enter_ring(f); /* only while pages are evicted, since it takes time */
}

static void adaptive_forget(struct frame *f)
{
	leave_ring(f);
	newcomers -= f->age & NEWCOMER;
	if (f->age & SPARED)
		leave_spared(f);
	else
		leave_circle(f);
}

/* --- CLOCK ------------------------------------------------------------------------------------------------------- */

static bool is_candidate(const struct frame *f, const struct policy_scope *scope)
{
	return policy_evictable(f) && policy_in_scope(f, scope);
}

/* => does CLOCK give up F, which the hand meets? */
static bool gives_up(struct frame *f, const struct policy_scope *scope)
{
	if (!is_candidate(f, scope))
		return false;
	if (policy_accessed(f)) {
		policy_clear_accessed(f);
		note_use(f);
	} else if (!(f->age & CHANCE)) {
		return true;
	}
	f->age &= ~CHANCE;
	return false;
}

/* The hand met a page. */
static void advance_era(void)
{
	u32 length = MAX(on_circle, 1);

	for (era_part += ERAS / 2; era_part >= length; era_part -= length) {
		u32 i = ++era % ERAS;

		absent -= eras[i].absent;
		eras[i].absent = 0;
		eras[i].victims = victims;
	}
}

/* => did CLOCK give up the page at the front? It is spared then, otherwise at the end of the circle. */
static bool advance_hand(const struct policy_scope *scope)
{
	struct frame *f = list_first(&circle, struct frame, link);
	bool gone = gives_up(f, scope);

	leave_circle(f);
	if (gone) {
		stop_newcomer(f);
		f->age = SPARED;
		list_push_back(&spared, &f->link);
		on_spared++;
	} else {
		enter_circle(f, &circle);
	}
	advance_era();
	return gone;
}

/* CLOCK makes room for one page: it gives up one, or its hand comes to one that is absent. */
static void follow_clock(const struct policy_scope *scope)
{
	for (u32 steps = 2 * on_circle; steps > 0 && on_spared <= absent; steps--)
		advance_hand(scope);
}

/* => false: the hand met each page twice, and none can leave */
static bool spare_another(const struct policy_scope *scope)
{
	for (u32 steps = 2 * on_circle; steps > 0; steps--)
		if (advance_hand(scope))
			return true;
	return false;
}

/* --- victims ----------------------------------------------------------------------------------------------------- */

/* => the oldest newcomer, if it has been in memory for long enough; NULL: none. A page that was read ahead was used. */
static struct frame *find_newcomer(const struct policy_scope *scope)
{
	while (newcomers > PROBATION(members()) && oldest != &circle) {
		struct frame *f = list_entry(oldest, struct frame, link);
		bool used;

		oldest = oldest->next;
		if (!(f->age & NEWCOMER) || !is_candidate(f, scope))
			continue;
		used = policy_accessed(f);
		if (!used && !(f->age & FRESH) && eras_since(f) < ERAS)
			return f;
		if (used && (f->age & FRESH))
			end_first_use(f);
		else
			stop_newcomer(f);
	}
	return NULL;
}

/* F was spared and is used again: CLOCK would have fetched it just now. */
static void win(struct frame *f)
{
	policy_clear_accessed(f);
	leave_spared(f);
	f->age = CHANCE;
	enter_circle(f, &circle);
	purse += STAKE;
}

/* => the page that has been spared longest without a use; NULL: none can leave */
static struct frame *find_spared(const struct policy_scope *scope)
{
	for (u32 steps = members(); steps > 0 && on_spared; steps--) {
		struct frame *f = list_first(&spared, struct frame, link);

		if (!is_candidate(f, scope)) {
			list_remove(&f->link);
			list_push_back(&spared, &f->link);
		} else if (policy_accessed(f)) {
			win(f);
			follow_clock(scope);
		} else {
			return f;
		}
	}
	return NULL;
}

static struct frame *adaptive_victim(const struct policy_scope *scope)
{
	struct frame *f = NULL;

	since_victim = 0;
	victims++;
	follow_clock(scope);
	if ((s32)absent < purse / STAKE)
		f = find_newcomer(scope);
	if (f) {
		++*absent_with(f);
		absent++;
		return f;
	}
	do
		f = find_spared(scope);
	while (!f && spare_another(scope));
	return f;
}

const struct policy policy_adaptive = {
	.name = "adaptive",
	.init = adaptive_init,
	.admit = adaptive_admit,
	.forget = adaptive_forget,
	.victim = adaptive_victim,
};
