"""A story as a dictionary of numbers and words, for programs; docs/trace.md describes its keys."""
from state import BUILDING

PLAIN = "access row major result page va trap error ip frame slot swapped readahead source refs".split()


def owner_record(teller, owner):
    if not owner:
        return None
    if owner.obj:
        return {"object": teller.stories.objects.get(owner.obj, (None, None))[1], "index": owner.index}
    return {"task": owner.label, "page": owner.va, "others": owner.others}


def victim_record(teller, victim):
    return {"frame": victim.frame, "owner": owner_record(teller, victim.owner), "policy": victim.policy, "why": victim.why,
            "kind": victim.kind, "how": victim.how, "slot": victim.slot,
            "passed": [frame for frame, verdict in victim.looks if verdict == "passed"],
            "skipped": [frame for frame, verdict in victim.looks if verdict == "skipped"]}


def region_record(teller, region):
    return {"start": region.start, "end": region.end, "prot": region.prot, "flags": region.flags,
            "object": teller.stories.objects.get(region.obj, (None, None))[1] if region.obj else None} if region else None


def record(teller, story):
    """=> the dictionary of STORY, its text by TELLER included"""
    stories = teller.stories
    mhz = stories.hello.get("mhz")
    made = {"kind": story.kind, "first": story.first.seq, "last": story.last.seq, "task": story.label % BUILDING,
            "name": stories.name(story.label), "thread": story.thread, "at_cycles": story.first.cycles, "cycles": story.cycles,
            "us": story.cycles / mhz if mhz else None, "events": len(story.events), "requests": story.requests,
            "victims": [victim_record(teller, v) for v in story.victims], "text": teller.brief(story)}
    if story.kind == "fault" and story.facts:
        facts = story.facts
        made |= {key: facts.get(key) for key in PLAIN}
        made["place"] = dict(zip(("function", "file", "line"), teller.place(story) or ())) or None
        made["region"] = region_record(teller, facts["region"])
        made["waits"] = [{"what": what, "frame": frame, "cycles": cycles} for what, frame, cycles in facts["waits"]]
        made["grown"] = facts["grown"] and {"old": facts["grown"][0], "start": facts["grown"][1]}
        made["allocated"] = [{"frame": frame, "state": state, "lost_at": lost and lost[0],
                              "lost_by": owner_record(teller, lost and lost[1])} for frame, state, lost in facts["allocated"]]
    return made
