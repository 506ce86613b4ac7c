"""Costs as things grow, counted in instructions: sixteen times as many regions, mappings, pages, tasks or names around."""
import re

from support import Case, limit

LOGARITHMIC = 2.0   # a tree over sixteen times as many grows by less, a list by sixteen


class Growth(Case):
    @limit(150)
    def test_no_call_costs_by_what_it_does_not_touch(self):
        """Each figure is for one call among N, or for one of the N that it touches (user/bench/growth)."""
        output = self.boot("growth --two", mem="256M", swap=False, icount=True, cpu="qemu32", timeout=140)
        curves = re.findall(r"(?m)^# (\S+): ", output)
        costs = {name: [] for name in curves}
        for name, cost in re.findall(r"(?m)^([\w-]+) +\d+ +(\d+)\r?$", output):
            costs[name].append(int(cost))
        grew = {name: cost for name, cost in costs.items() if len(cost) != 2 or cost[1] > LOGARITHMIC * cost[0]}
        self.assertEqual(grew, {})
        self.assertGreater(len(curves), 40)
