"""The gates can fail: planted differences are seen, and what may differ is not."""

import unittest

import gates


class Work(unittest.TestCase):
    def test_equal_is_silent(self):
        counts = {"checks": 5, "rules": {"A": {"fired": 1}}}
        self.assertEqual(gates.judge_work(counts, dict(counts)), [])

    def test_every_difference_is_told(self):
        self.assertEqual(gates.judge_work({"checks": 6, "rules": {"A": {"fired": 1}}},
                                          {"checks": 5, "rules": {"A": {"fired": 2}}}),
                         ["checks was 5, is 6", "rules A fired was 2, is 1"])

    def test_what_is_new_or_gone_is_told(self):
        self.assertEqual(len(gates.judge_work({"a": 1}, {"b": 1})), 2)


class Instructions(unittest.TestCase):
    tools = {"compiler": "x"}

    def judged(self, count, recorded, tools=None):
        return gates.judge_instructions({"judge": count}, recorded, tools or self.tools, self.tools)[0]

    def test_more_than_three_in_a_hundred_fails(self):
        self.assertTrue(self.judged(1031, {"judge": 1000}))
        self.assertFalse(self.judged(1029, {"judge": 1000}))

    def test_fewer_is_told_and_passes(self):
        fails, lines = gates.judge_instructions({"judge": 900}, {"judge": 1000}, self.tools, self.tools)
        self.assertFalse(fails)
        self.assertIn("--update", lines[-1])

    def test_another_toolchain_only_reports(self):
        self.assertFalse(self.judged(2000, {"judge": 1000}, {"compiler": "y"}))

    def test_nothing_recorded_fails(self):
        self.assertTrue(self.judged(10, {}))


class Callgrind(unittest.TestCase):
    def test_the_line_of_a_function_is_found(self):
        table = "Ir\n1,234 (10.0%)  run.cpp:sanku::exec::run_block(x) [/p]\n5 (0.1%)  ???:other [/p]\n"
        self.assertEqual(gates.inclusive(table, "sanku::exec::run_block("), 1234)
        with self.assertRaises(SystemExit):
            gates.inclusive(table, "sanku::engine::ChunkWorker::work")


if __name__ == "__main__":
    unittest.main()
