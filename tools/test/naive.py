"""The replacement algorithms as their descriptions read, on lists of page names: what tools/pagesim is compared with.

Each class has arrive(page), leave() => page, use(page, write); a page arrives before it is used.
"""


class Queue:
    """Pages in the order of a queue; f[page] is a policy's note."""
    def __init__(self, others=0):
        self.line, self.used, self.dirty, self.others, self.f = [], set(), set(), others, {}

    def arrive(self, page):
        self.line.append(page)

    def use(self, page, write):
        self.used.add(page)
        if write:
            self.dirty.add(page)

    def forget(self, page):
        self.line.remove(page)
        self.used.discard(page)
        self.dirty.discard(page)
        return page


class Fifo(Queue):
    def leave(self):
        return self.forget(self.line[0])


class Lru(Queue):
    def use(self, page, write):
        self.line.remove(page)
        self.line.append(page)

    def leave(self):
        return self.forget(self.line[0])


class Clock(Queue):
    def leave(self):
        while self.line[0] in self.used:
            self.used.remove(self.line[0])
            self.line.append(self.line.pop(0))
        return self.forget(self.line[0])


class Ageing(Queue):
    def arrive(self, page):
        super().arrive(page)
        self.f[page] = 0

    def leave(self):
        while self.line[0] in self.used or self.f[self.line[0]]:
            page = self.line.pop(0)
            self.f[page] = min(self.f[page] + 2, 4) if page in self.used else self.f[page] - 1
            self.used.discard(page)
            self.line.append(page)
        return self.forget(self.line[0])


class WsClock(Queue):
    now = admitted = 0

    def __init__(self, others=0):
        super().__init__(others)
        for n in range(others):    # the bystanders are admitted one by one
            self.tick(n)

    def tick(self, members):
        self.admitted += 1
        if self.admitted > members // 8:
            self.now += 1
            self.admitted = 0

    def arrive(self, page):
        self.tick(len(self.line) + self.others)
        super().arrive(page)
        self.f[page] = self.now

    def leave(self):
        idle = {}
        for page in list(self.line)[:256]:
            self.line.append(self.line.pop(0))
            if page in self.used:
                self.used.remove(page)
                self.f[page] = self.now
            idle[page] = min(self.now - self.f[page], 127)
            if idle[page] > 2 and page not in self.dirty:
                return self.forget(page)
        old = [page for page in idle if idle[page] > 2]
        return self.forget(old[0] if old else max(idle, key=idle.get))


class Opt(Queue):
    def __init__(self, others=0):
        super().__init__(others)
        self.rest = []    # the references still to come; set by faults()

    def leave(self):
        return self.forget(max(self.line, key=lambda p: self.rest.index(p) if p in self.rest else len(self.rest)))


MODELS = {"fifo": Fifo, "lru": Lru, "clock": Clock, "ageing": Ageing, "wsclock": WsClock, "opt": Opt}


def faults(name, string, frames, others=0):
    """STRING: (page, is it a store) for each reference. => the marks, as tools/pagesim prints them"""
    model, marks = MODELS[name](others), ""
    pages = [page for page, _ in string]
    for i, (page, write) in enumerate(string):
        model.rest = pages[i + 1:]
        fault = page not in model.line
        if fault and len(model.line) == frames:
            model.leave()
        if fault:
            model.arrive(page)
        model.use(page, write)
        marks += "F" if fault else "."
    return marks
