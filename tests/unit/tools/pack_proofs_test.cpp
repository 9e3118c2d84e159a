// The report of proofs as a text with one form: what is written is read, and nothing else is.
#include "tools/pack/limits.h"
#include "tools/pack/proofs.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sanku::pack {
namespace {

const std::string head = "solver z3 4.8.12\nclaims lines 3 visits 2\nsteps 5000000\n";

TEST(PackProofs, are_read_as_they_are_written) {
  using State = ProofLine::State;
  const Proofs proofs{
      .solver = "z3 4.8.12",
      .lines = 3,
      .visits = 2,
      .steps = 5'000'000,
      .claims = {
          {.state = State::shown, .rule = "A4", .kind = "overlap", .other = "A5"},
          {.state = State::proved, .rule = "A1", .kind = "never_fires"},
          {.state = State::proved, .rule = "A2", .kind = "shadowed", .branch = 2},
          {.state = State::bounded,
           .rule = "A3",
           .kind = "always_true",
           .condition = 1,
           .lines = 3,
           .visits = 1,
           .without = "texts,rows-of-表"},
          {.state = State::shown, .rule = "M1", .kind = "loosened"},
          {.state = State::unknown,
           .rule = "A4",
           .kind = "overlap",
           .other = "A6",
           .because = "effort"},
          {.state = State::unknown, .rule = "A9", .kind = "never_fires", .because = "form"}}};
  const std::string text = proofs_text(proofs);
  EXPECT_EQ(text, head + "bounded A3 always_true condition 1 lines 3 visits 1 without "
                         "texts,rows-of-表\n"
                         "proved A1 never_fires\n"
                         "proved A2 shadowed branch 2\n"
                         "shown A4 overlap with A5\n"
                         "shown M1 loosened\n"
                         "unknown A4 overlap with A6 because effort\n"
                         "unknown A9 never_fires because form\n");
  const auto again = read_proofs(text);
  ASSERT_TRUE(again);
  EXPECT_EQ(proofs_text(*again), text);
  EXPECT_EQ(again->conflicts(), 3u) << "what is proved, and what an overlay loosens";
  EXPECT_EQ(again->unknown(), 1u) << "two rules that take the same line are no conflict";
  EXPECT_EQ(told(*again, Language::en),
            "z3 4.8.12: 3 conflicts, 1 up to the size looked at, 1 overlaps, 1 unknown");
  for (const ProofLine& line : again->claims)
    EXPECT_NE(told(line, Language::zh), told(line, Language::en));
}

TEST(PackProofs, in_another_form_are_none) {
  ASSERT_TRUE(read_proofs(head));
  for (const char* line : {"proved A1 never_fires",
                           "proved A1 never_fires \n",
                           "proved A1  never_fires\n",
                           "\n",
                           "proved A1 surprises\n",
                           "proven A1 never_fires\n",
                           "proved A1 shadowed\n",
                           "proved A1 shadowed branch 0\n",
                           "proved A1 shadowed branch 02\n",
                           "proved A1 shadowed branch 2 condition 1\n",
                           "proved A1 together\n",
                           "proved A1 never_fires with A2\n",
                           "bounded A1 never_fires\n",
                           "bounded A1 never_fires lines 3\n",
                           "proved A1 never_fires lines 3 visits 1\n",
                           "proved A1 loosened\n",
                           "proved A1 overlap with A2\n",
                           "shown A1 never_fires\n",
                           "bounded A1 overlap with A2 lines 1 visits 1\n",
                           "unknown A1 never_fires\n",
                           "unknown A1 never_fires because nothing\n",
                           "proved A1 never_fires because effort\n",
                           "proved A2 never_fires\nproved A1 never_fires\n",
                           "proved A1 never_fires\nproved A1 never_fires\n",
                           "proved A1\n",
                           "proved\n"})
    EXPECT_FALSE(read_proofs(head + line)) << line;
  for (std::size_t at = 0; at < head.size(); ++at)
    EXPECT_FALSE(read_proofs(head.substr(0, at))) << at;
  EXPECT_FALSE(read_proofs("\n" + head));
  std::string many = head;
  for (std::size_t i = 0; i <= most_proof_claims; ++i)
    many += fmt::format("proved A{:07} never_fires\n", i);
  EXPECT_FALSE(read_proofs(many));
  EXPECT_TRUE(read_proofs(many.substr(0, many.rfind("proved"))));
  EXPECT_FALSE(read_proofs("solver z3\nclaims visits 2 lines 3\nsteps 1\n"));
}

} // namespace
} // namespace sanku::pack
