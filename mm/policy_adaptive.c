/*
 * Adaptive: CLOCK, and bets against it that the policy can afford to lose.
 *
 * CLOCK keeps a new page for two rounds of its hand. If most pages are used once (a scan) or again too late (a loop
 * that is longer than memory), pages that will be used sooner are evicted meanwhile. For other programs two rounds are
 * right, and a policy that distrusts new pages has more faults than CLOCK. Which kind a program is, is known only
 * afterwards. So this policy records which pages CLOCK would have in memory, and deviates from it by one page at a time:
 *
 *   A page is a NEWCOMER until it is used again after its first use. A bet evicts the oldest newcomer, and spares the
 *   page that CLOCK would evict. The bet is won if the spared page is used again: CLOCK would have a fault there. It
 *   is lost if the newcomer is needed again while CLOCK would still have it. Otherwise it is a draw.
 *
 * The PURSE is the number of faults that bets may cost. A bet that is won adds one; one that is lost takes one and a half,
 * since some losses are not seen; and each fault on an evicted page adds 1/STAKE, so that there is always something to
 * try. Open bets never exceed the purse. So there are at most 1/STAKE more faults than with CLOCK, whatever the program
 * does, as far as losses are seen; and if bets are won the purse grows until they take up all of memory.
 *
 * A page in memory is SPARED, or stands on the CIRCLE, whose front is CLOCK's hand. CLOCK would have the circle's pages and
 * the ABSENT ones, which bets evicted. The page that has been spared longest is the victim if there is no bet. CLOCK
 * has no more memory than there is, so at least as many pages are spared as absent. It gives up a newcomer that is not
 * used when its hand meets it for the second time: f->age tells in which ERA (half a round) a page came in.
 *
 * With read-ahead a page costs less than a fault, and bets tear runs of pages apart that are read at once. So while
 * read-ahead pays there are no bets, and nothing is saved for them. Otherwise a bet is worth making only for a page that has
 * come back by a fault of its own, and betting begins with SAVED more in the purse, enough to evict a run. A page
 * of a file leaves no note, so that a lost bet on it would not be seen: it is never a newcomer.
 *
 * Sources: Corbato's clock (policy_clock.c); probation from Johnson and Shasha, 2Q, 1994, and Yang et al., FIFO Queues
 * Are All You Need for Cache Eviction, 2023; to judge two policies by what each would have kept from Megiddo and
 * Modha, ARC, 2003, and Vietri et al., Driving Cache Replacement with ML-based LeCaR, 2018.
 */
#include "mm/policy.h"

#include "kernel/base/string.h"

#define STAKE 32 /* the purse counts in these parts of a fault */
#define LOSS (STAKE + STAKE / 2)
#define RING 4   /* pages that came in so recently that their use is still the first */
#define ERAS 4   /* two rounds of the hand */
#define SAVED(members) MIN(32, (members) / 2) /* a request's worth */
#define PROBATION(members) (RING + (members) / 16) /* the latest newcomers, which no bet evicts */

/* f->age: flags, and above them the era in which the page came in, modulo 2 * ERAS. */
#define NEWCOMER 1
#define FRESH 2  /* its accessed bit is still that of its first use */
#define CHANCE 4 /* its accessed bit was cleared before CLOCK's hand came by, which takes the bit as set */
#define SPARED 8
#define COSTLY 16 /* the last time, a thread had to wait for it */
#define ERA_SHIFT 5

static struct list circle, spared;
static u32 on_circle, on_spared, newcomers;
static struct list *oldest; /* on the circle: no newcomer stands before it; &circle: there is none */
static s32 purse;
static bool betting; /* the last victim was a newcomer */

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
static u32 eras_since(const struct frame *f) { return (era - (f->age >> ERA_SHIFT)) % (2 * ERAS); }
static u32 *absent_with(const struct frame *f) { return &eras[(era - eras_since(f)) % ERAS].absent; }

static void adaptive_init(void)
{
	list_init(&circle);
	list_init(&spared);
	oldest = &circle;
	betting = false;
	purse = 0;
	on_circle = on_spared = newcomers = absent = victims = since_victim = era = era_part = 0;
	memset(eras, 0, sizeof(eras));
	memset(ring, 0, sizeof(ring));
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

/* To CLOCK, F never left: it stands about where the bet found it. COSTLY, or 0: F came along with another page. */
static void lose(struct frame *f, u8 costly)
{
	u32 *there = absent_with(f), n = MIN(*there, 1);

	*there -= n;
	absent -= n;
	if (costly)
		purse -= LOSS;
	f->age = costly;
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
	s32 limit = (s32)(members() + 1) * STAKE;
	u8 costly = policy_evictions_since(f) != POLICY_NEVER && !policy_read_ahead(f) ? COSTLY : 0;

	limit_absent();
	if (is_absent(f)) {
		lose(f, costly);
	} else {
		f->age = f->state == FRAME_ANON ? NEWCOMER | FRESH | costly | (u8)(era << ERA_SHIFT) : 0;
		newcomers += f->age & NEWCOMER;
		enter_circle(f, &circle);
	}
	purse = MAX(MIN(purse + (costly && !policy_reads_pay()), limit), -limit);
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

/* --- CLOCK, and victims ------------------------------------------------------------------------------------------ */

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
		if (!(f->age & FRESH))
			stop_newcomer(f);
	} else if (!(f->age & CHANCE)) {
		return true;
	}
	f->age &= ~(FRESH | CHANCE);
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

/* The page at the front is spared if CLOCK gives it up; otherwise it goes to the end of the circle. */
static void advance_hand(const struct policy_scope *scope)
{
	struct frame *f = list_first(&circle, struct frame, link);
	bool gone = gives_up(f, scope);

	leave_circle(f);
	if (gone) {
		stop_newcomer(f);
		f->age = SPARED | (f->age & COSTLY);
		list_push_back(&spared, &f->link);
		on_spared++;
	} else {
		enter_circle(f, &circle);
	}
	advance_era();
}

/* The hand goes on until MORE pages are spared than absent. => false: it met each page twice, and no more can leave */
static bool spare(u32 more, const struct policy_scope *scope)
{
	for (u32 steps = 2 * on_circle; steps > 0 && on_spared < absent + more; steps--)
		advance_hand(scope);
	return on_spared >= absent + more;
}

/* => the oldest newcomer, if it has been in memory for long enough; NULL: none. A page that was read ahead was used. */
static struct frame *find_newcomer(const struct policy_scope *scope)
{
	while (newcomers > PROBATION(members()) && oldest != &circle) {
		struct frame *f = list_entry(oldest, struct frame, link);
		bool fresh = f->age & FRESH;

		oldest = oldest->next;
		if (!(f->age & NEWCOMER) || !is_candidate(f, scope))
			continue;
		if (!fresh && !policy_accessed(f) && eras_since(f) < ERAS)
			return f;
		if (fresh && policy_accessed(f))
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
	if (f->age & COSTLY)
		purse += STAKE;
	f->age = CHANCE | (f->age & COSTLY);
	enter_circle(f, &circle);
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
			spare(1, scope);
		} else {
			return f;
		}
	}
	return NULL;
}

/* => is it worth a bet to keep the page that CLOCK gives up, and can the policy afford one? */
static bool may_bet(void)
{
	u32 needed = absent + (betting ? 0 : SAVED(members()));
	bool costly = on_spared && (list_first(&spared, struct frame, link)->age & COSTLY);

	return costly && (s32)needed < purse / STAKE && !policy_reads_pay();
}

static struct frame *adaptive_victim(const struct policy_scope *scope)
{
	struct frame *f;

	since_victim = 0;
	victims++;
	spare(1, scope); /* CLOCK makes room for one page, too */
	f = may_bet() ? find_newcomer(scope) : NULL;
	betting = f;
	if (f) {
		++*absent_with(f);
		absent++;
		return f;
	}
	do
		f = find_spared(scope);
	while (!f && spare(on_spared - absent + 1, scope));
	return f;
}

const struct policy policy_adaptive = {
	.name = "adaptive",
	.init = adaptive_init,
	.admit = adaptive_admit,
	.forget = adaptive_forget,
	.victim = adaptive_victim,
};
