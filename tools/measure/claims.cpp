// See claims.h.
#include "tools/measure/claims.h"

#include "compiler/ast/print.h"
#include "runtime/types/check.h"
#include "tools/engine/describe.h"
#include "tools/engine/expectations.h"
#include "tools/measure/claim_edits.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::measure {
namespace {

using abi::Outcome;
using engine::Did;

// Claims a rule.
constexpr std::size_t most_of_mutants = 1200, most_single = 1200, most_repeated = 1200,
                      most_double = 1500;

ast::Test& writable(Rules& rules, std::vector<ast::Test>* own, const hir::Test& test) {
  if (own != nullptr)
    for (ast::Test& written : *own)
      if (&written == test.ast)
        return written;
  for (const auto& file : rules.checked->files)
    for (ast::Decl& decl : file->decls)
      if (auto* written = std::get_if<ast::Test>(&decl); written == test.ast)
        return *written;
  unreachable("a test was written somewhere");
}

ast::ExprPtr path_of(std::string_view text) {
  auto made = std::make_unique<ast::Expr>();
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos)
    made->form = ast::NameRef{{std::string(text), {}}};
  else
    made->form = ast::Member{path_of(text.substr(0, dot)), {std::string(text.substr(dot + 1)), {}}};
  return made;
}

ast::Expect expectation(const std::string& rule, ast::Expected outcome) {
  ast::Expect made;
  made.outcome = outcome;
  made.rule = ast::Name{rule, {}};
  made.span.begin = UINT32_MAX;
  return made;
}

// What the rule does, as a test would expect it.
std::vector<ast::Expect> expected(const std::string& rule, const Did& did,
                                  const hir::CheckedSchema& schema) {
  std::vector<ast::Expect> made;
  switch (engine::outcome_of(did)) {
  case Outcome::fired: {
    ast::Expect fired = expectation(rule, ast::Expected::fired);
    if (did.severities.size() == 1)
      fired.severity = *did.severities.begin();
    if (did.computed)
      fired.amount = decimal_text(did.cents, 2, 2);
    else
      fired.amount_unknown = true;
    if (!did.lines.contains(""))
      fired.lines.assign(did.lines.begin(), did.lines.end());
    made.push_back(std::move(fired));
    if (!did.outcomes.contains(Outcome::indeterminate))
      return made;
    [[fallthrough]];
  }
  case Outcome::indeterminate: {
    ast::Expect undecided = expectation(rule, ast::Expected::indeterminate);
    for (const std::string& name : did.missing)
      undecided.missing.push_back(path_of(name));
    // Questions and cells of tables are missing without a path that a test could write.
    const bool has_paths = std::ranges::all_of(undecided.missing, [&](const ast::ExprPtr& path) {
      return hir::missing_path(schema.schema, schema.names, *path).has_value();
    });
    if (!has_paths)
      undecided.missing.clear();
    made.push_back(std::move(undecided));
    return made;
  }
  case Outcome::clear:
    made.push_back(expectation(rule, ast::Expected::clear));
    return made;
  case Outcome::not_applicable:
    made.push_back(expectation(rule, ast::Expected::not_applicable));
    if (did.exemptions.size() == 1)
      made.back().exemption = *did.exemptions.begin();
    return made;
  }
  return made;
}

// A claim under examination: a test of the rule with other givens.
struct Search {
  Rules& rules;
  const hir::CheckedSchema& schema;
  std::uint32_t rule;
  Language language;
  std::vector<ast::Test>* own;
  Trials& trials;
  const std::vector<Mutant*>& mutants;
  std::uint64_t& tried;
  std::vector<std::string> found = {};
  std::size_t left = 0;

  const hir::Program& program() const { return engine::program(rules); }
  const std::string& id() const { return program().rules[rule].id; }

  // What the rule, changed or not, does on the trial as it stands.
  Did did(Trial& trial) const {
    return engine::did(evaluator_for(program(), trial, rule), input_of(program(), trial), rule);
  }

  bool notices(Trial& trial, Mutant& mutant, const std::vector<ast::Expect>& expect) {
    const bool tables = changes_tables(mutant);
    toggle(mutant, trials);
    if (tables)
      forget(trial);
    const Did other = did(trial);
    toggle(mutant, trials);
    if (tables)
      forget(trial);
    return std::ranges::any_of(
        expect, [&](const ast::Expect& each) { return !engine::met(each, other, schema); });
  }

  // The trial with other givens, for as long as `then` runs: `own` where its tables are its own. A
  // claim that cannot be had is passed over.
  template <class Then>
  void with(std::size_t base, GivenList& given, bool other_tables, const Then& then) {
    Trial& trial = *trials[base];
    ast::Test& written = writable(rules, own, *trial.test);
    std::swap(written.given, given);
    ++tried;
    if (other_tables) {
      if (const auto made = measure::trial(rules, schema, *trial.test))
        then(*made);
    } else {
      if (read_again(rules, schema, trial))
        then(trial);
    }
    std::swap(written.given, given);
    if (!other_tables)
      check(read_again(rules, schema, trial), "a claim that was read can be read again");
  }

  static bool of_trial(const Mutant& mutant, std::size_t base) {
    return std::ranges::any_of(mutant.changes, [&](const Change& change) {
      return std::get<OtherCell>(change).trial == base;
    });
  }

  // ---- one claim, all that is left

  void look(std::size_t base, const GivenList& original, const std::vector<const Edit*>& edits) {
    auto given = copied(original);
    if (!given)
      return;
    bool other_tables = false;
    for (const Edit* edit : edits) {
      other_tables = other_tables || edit->of_table;
      if (!apply(*edit, rules, schema, *given))
        return;
    }
    std::vector<std::size_t> noticed;
    with(base, *given, other_tables, [&](Trial& trial) {
      const std::vector<ast::Expect> expect = expected(id(), did(trial), schema);
      for (std::size_t i = 0; i < mutants.size(); ++i) {
        const bool tables = changes_tables(*mutants[i]);
        if (!found[i].empty() || (tables && (other_tables || !of_trial(*mutants[i], base))))
          continue;
        if (notices(trial, *mutants[i], expect))
          noticed.push_back(i);
      }
    });
    for (const std::size_t i : noticed) {
      found[i] = smallest(base, *given, *mutants[i]);
      --left;
    }
  }

  // ---- what is found, made smaller

  bool still_notices(std::size_t base, GivenList& given, Mutant& mutant) {
    bool noticed = false;
    with(base, given, !changes_tables(mutant), [&](Trial& trial) {
      noticed = notices(trial, mutant, expected(id(), did(trial), schema));
    });
    return noticed;
  }

  std::string smallest(std::size_t base, const GivenList& noticing, Mutant& mutant) {
    auto given = copied(noticing);
    check(given.has_value(), "what was copied once can be copied again");
    for (std::size_t at = removals_of(schema, rules, *given).size(); at-- > 0;) {
      const std::vector<Edit> removals = removals_of(schema, rules, *given);
      if (at >= removals.size() || (removals[at].of_table && changes_tables(mutant)))
        continue;
      auto smaller = copied(*given);
      if (smaller && apply(removals[at], rules, schema, *smaller) &&
          still_notices(base, *smaller, mutant))
        given = std::move(smaller);
    }
    return written(base, *given, mutant);
  }

  std::string written(std::size_t base, GivenList& given, const Mutant& mutant) {
    ast::Test test;
    with(base, given, !changes_tables(mutant),
         [&](Trial& trial) { test.expect = expected(id(), did(trial), schema); });
    const hir::Rule& of = program().rules[rule];
    test.title =
        language == Language::zh
            ? fmt::format("{}：{} 而非 {}", of.title_zh, mutant.from_zh, mutant.to_zh)
            : fmt::format("{}: {} rather than {}", of.title_en, mutant.from_en, mutant.to_en);
    test.of.push_back(ast::Name{id(), {}});
    std::swap(test.given, given);
    ast::Spelling spelling = ast::Spelling::en;
    for (const auto& file : rules.checked->files)
      if (file->source == of.span.file)
        spelling = ast::spelling_of(*file);
    return ast::print(test, spelling);
  }

  // ---- the search

  void singles(std::size_t base, const GivenList& original, const std::vector<Edit>& edits,
               std::size_t most) {
    const Edit none;
    look(base, original, {&none});
    // Evenly over all of them, where there are too many.
    const std::size_t step = std::max<std::size_t>(1, (edits.size() + most - 1) / most);
    for (std::size_t i = 0; i < edits.size() && left > 0; i += step)
      look(base, original, {&edits[i]});
  }

  void doubles(std::size_t base, const GivenList& original, const std::vector<Edit>& edits,
               std::size_t most) {
    std::uint64_t lot = base + 1;
    for (std::size_t i = 0; i < most && left > 0 && edits.size() > 1; ++i) {
      lot = lot * 6364136223846793005u + 1442695040888963407u;
      const Edit& first = edits[(lot >> 33) % edits.size()];
      lot = lot * 6364136223846793005u + 1442695040888963407u;
      const Edit& second = edits[(lot >> 33) % edits.size()];
      const bool shifts = [](Edit::Kind kind) {
        return kind != Edit::Kind::none && kind != Edit::Kind::set;
      }(first.kind);
      // What moves places comes second.
      if (first.place == second.place && first.kind != Edit::Kind::add)
        continue;
      if (shifts)
        look(base, original, {&second, &first});
      else
        look(base, original, {&first, &second});
    }
  }

  void run() {
    found.resize(mutants.size());
    left = mutants.size();
    std::vector<GivenList> originals;
    const hir::Rule& of = program().rules[rule];
    const Pool constants = constants_of(of), changed = values_of(program(), mutants, trials);
    // Those that the mutants ask for, others, and such as bring another element along.
    std::vector<std::vector<Edit>> first, edits, repeated;
    for (const auto& trial : trials) {
      auto original = copied(trial->test->ast->given);
      originals.push_back(original ? std::move(*original) : GivenList());
      const auto edits_from = [&](const Pool& pool, bool few) {
        return original ? edits_of(rules, schema, {.rule = of, .pool = pool, .few = few},
                                   originals.back())
                        : std::vector<Edit>();
      };
      first.push_back(edits_from(changed, true));
      std::erase_if(first.back(), [](const Edit& edit) {
        return edit.kind != Edit::Kind::set && edit.kind != Edit::Kind::add;
      });
      edits.push_back(edits_from(constants, false));
      const auto others = std::ranges::stable_partition(
          edits.back(), [](const Edit& edit) { return edit.kind != Edit::Kind::repeat_other; });
      repeated.emplace_back(others.begin(), others.end());
      edits.back().erase(others.begin(), others.end());
    }
    const std::size_t each = trials.empty() ? 0 : trials.size();
    for (std::size_t i = 0; i < trials.size() && left > 0; ++i)
      if (!originals[i].empty())
        singles(i, originals[i], first[i], most_of_mutants / each + 1);
    for (std::size_t i = 0; i < trials.size() && left > 0; ++i)
      if (!originals[i].empty())
        singles(i, originals[i], edits[i], most_single / each + 1);
    for (std::size_t i = 0; i < trials.size() && left > 0; ++i)
      if (!originals[i].empty())
        singles(i, originals[i], repeated[i], most_repeated / each + 1);
    for (std::size_t i = 0; i < trials.size() && left > 0; ++i)
      if (!originals[i].empty())
        doubles(i, originals[i], edits[i], most_double / each + 1);
  }
};

} // namespace

std::vector<std::string> claims_that_notice(Rules& rules, const ClaimsOf& of, Trials& trials,
                                            const std::vector<Mutant*>& mutants,
                                            std::uint64_t& tried) {
  Search search{.rules = rules,
                .schema = of.schema,
                .rule = of.rule,
                .language = of.language,
                .own = of.written,
                .trials = trials,
                .mutants = mutants,
                .tried = tried};
  search.run();
  return std::move(search.found);
}

} // namespace sanku::measure
