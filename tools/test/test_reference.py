"""Linux's answers belong to the programs as they are; and no tool executes a program for i386 on the host."""
import os

import questions
from support import Case


class Reference(Case):
    def test_no_program_is_newer_than_its_answer(self):
        new = [question.name for question in questions.every() if question.is_new()]
        self.assertEqual(new, [], "changed since Linux was asked: make reference ONLY='" + " ".join(new) + "'")

    def test_no_answer_is_left_over(self):
        self.assertEqual(sorted(os.listdir(questions.ANSWERS)), sorted(question.name for question in questions.every()))

    def test_answers_are_successes(self):
        for question in questions.every():
            self.assertEqual(question.answer()[0], 0, question.name)
