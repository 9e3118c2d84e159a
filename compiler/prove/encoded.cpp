// Rules as terms, and questions about them (encoded.h). What is found is in found.cpp.
#include "compiler/prove/encoded.h"

#include "runtime/types/check.h"

#include <algorithm>

namespace sanku::prove {
namespace {

// Codes that turn up while rules are encoded are there the next time; more than so often brings
// nothing new in practice.
constexpr int most_rounds = 3;

} // namespace

Encoded::Encoded(const std::vector<RuleIn>& rules, const Bound& bound, std::size_t kinds,
                 const Limits& limits)
    : rules_(rules), limits_(limits), bound_(bound),
      domains_(rules.front().tables->program().schema) {
  logic_.all_years = limits.wide;
  Notes seeded;
  seed(rules, {.kinds = kinds, .wide = limits.wide}, domains_, seeded);
  static_cast<void>(domains_.next_round());
  bool more = true;
  for (int round = 0; round < most_rounds && more; ++round) {
    notes_ = seeded;
    encode(rules, limits);
    more = round + 1 < most_rounds && domains_.next_round();
  }
  for (DomainId domain = 0; domain < domains_.count(); ++domain)
    if (domains_.is_full(domain))
      notes_.limited.insert("codes");
  solver_.emplace(logic_.context);
  z3::params settings(logic_.context);
  settings.set("random_seed", 0u);
  solver_->set(settings);
  plain_ = logic_.context.bool_const("plain");
  for (const Term& demand : world_->demands(false))
    solver_->add(demand);
  for (const Term& demand : world_->demands(true))
    solver_->add(z3::implies(*plain_, demand));
  facts_ = logic_.facts.size();
}

void Encoded::encode(const std::vector<RuleIn>& rules, const Limits& limits) {
  logic_.facts.clear();
  subjects_.clear();
  world_ = std::make_unique<World>(logic_, domains_, rules.front().tables->program(), bound_,
                                   limits.wide);
  const bool all = !limits.any_size && std::ranges::any_of(rules, [](const RuleIn& in) {
    return sees_order(in.form());
  });
  if (!limits.any_size)
    for (const RuleIn& in : rules)
      put_in_order(in.form(), *world_);
  for (const RuleIn& in : rules)
    subjects_.push_back(subjects({logic_, domains_, *world_, notes_, limits.any_size}, *in.tables,
                                 in.form(), {.all = all, .near = limits.near}));
}

bool Encoded::gives_rows() const {
  return std::ranges::any_of(world_->elements(),
                             [](const auto& each) { return each.first.visit == no_visit; });
}

// ---- questions

Term Encoded::does(const Subject& subject, std::size_t rule, const Demand& demand) {
  const hir::Rule& form = rules_[rule].form();
  const auto condition = [&](const auto& of) {
    const Condition& one = subject.conditions[demand.which];
    const Term where = one.branch ? subject.applies.yes : logic_.yes();
    return all_of(logic_, {subject.there, where, one.matters, of(one.truth)});
  };
  switch (demand.does) {
  case Does::fires:
    return subject.fired(logic_, form);
  case Does::speaks:
    return subject.fired_by(logic_, demand.which);
  case Does::holds:
    return all_of(logic_, {subject.there, subject.applies.yes, subject.branches[demand.which].yes});
  case Does::clear:
    return subject.clear(logic_);
  case Does::undecided:
    return both(subject.undecided(logic_), negated(subject.told_unknown(logic_, form)));
  case Does::exempt:
    return subject.not_applicable();
  case Does::applies:
    return both(subject.there, subject.applies.yes);
  case Does::yes:
    return condition([](const Truth& truth) { return truth.yes; });
  case Does::no:
    return condition([](const Truth& truth) { return truth.no; });
  case Does::unknown:
    return condition([](const Truth& truth) { return sanku::prove::unknown(truth); });
  }
  unreachable("no such demand");
}

Term Encoded::all_demands(const Question& question, std::size_t rule, const Subject& subject) {
  std::vector<Term> all{subject.there};
  for (const Demand& demand : question.demands)
    if (demand.rule == rule) {
      const Term one = does(subject, rule, demand);
      all.push_back(demand.not_so ? negated(one) : one);
    }
  return all_of(logic_, all);
}

std::pair<Term, Term> Encoded::taken(const Subject& subject) {
  Term cents = logic_.number(0), known = logic_.no();
  for (std::size_t i = subject.branches.size(); i-- > 0;) {
    const auto& amount = subject.amounts[i];
    if (!amount)
      continue;
    const Term speaks = subject.fired_by(logic_, i);
    cents = choose(speaks, amount->parts[0], cents);
    known = choose(speaks, amount->known, known);
  }
  return {cents, known};
}

Term Encoded::differ(const Subject& a, const Subject& b) {
  const auto [x, x_known] = taken(a);
  const auto [y, y_known] = taken(b);
  return either(negated(equal(x_known, y_known)), both(x_known, negated(equal(x, y))));
}

Term Encoded::takes_less(const Subject& a, const Subject& b) {
  const auto [x, x_known] = taken(a);
  const auto [y, y_known] = taken(b);
  return all_of(logic_, {x_known, y_known, less(y, x)});
}

// What the branches that speak take of the line, together more than its amount.
Term Encoded::overlap(const std::vector<const Subject*>& of) {
  Term known = logic_.yes(), sum = logic_.number(0);
  for (const Subject* subject : of) {
    const auto [cents, sure] = taken(*subject);
    known = all_of(logic_, {known, sure, less(logic_.number(0), cents)});
    sum = plus(sum, cents);
  }
  const schema::Schema& schema = world_->program().schema;
  const auto lines = schema::line_relation(schema);
  const auto column =
      lines ? schema::column_with(schema.relations[*lines], schema::Role::amount) : std::nullopt;
  if (!column)
    return logic_.no();
  const Sym& whole = world_->cell({.visit = of.front()->visit,
                                   .relation = *lines,
                                   .slot = of.front()->slot,
                                   .column = *column});
  const unsigned scale = schema.relations[*lines].columns[*column].type.scale;
  if (scale != 2)
    return logic_.no();
  return all_of(logic_, {known, whole.known, less(whole.parts[0], sum)});
}

Term Encoded::goal(const Question& question) {
  std::vector<Term> all;
  std::vector<std::size_t> asked;
  for (const Demand& demand : question.demands)
    if (std::ranges::find(asked, demand.rule) == asked.end())
      asked.push_back(demand.rule);
  if (question.same_subject && !asked.empty()) {
    std::vector<Term> any;
    for (const Subject& first : subjects_[asked.front()]) {
      std::vector<Term> here{all_demands(question, asked.front(), first)};
      std::vector<const Subject*> of{&first};
      for (std::size_t i = 1; i < asked.size(); ++i)
        for (const Subject& other : subjects_[asked[i]])
          if (other.visit == first.visit && other.slot == first.slot) {
            here.push_back(all_demands(question, asked[i], other));
            of.push_back(&other);
            break;
          }
      if (of.size() != asked.size())
        continue;
      if (question.overlap)
        here.push_back(overlap(of));
      if (question.differ && of.size() == 2)
        here.push_back(differ(*of[0], *of[1]));
      if (question.less && of.size() == 2)
        here.push_back(takes_less(*of[0], *of[1]));
      any.push_back(all_of(logic_, here));
    }
    all.push_back(any_of(logic_, any));
  } else {
    for (const std::size_t rule : asked) {
      std::vector<Term> any;
      for (const Subject& subject : subjects_[rule])
        any.push_back(all_demands(question, rule, subject));
      all.push_back(any_of(logic_, any));
    }
  }
  for (const std::size_t rule : question.silent)
    for (const Subject& subject : subjects_[rule])
      all.push_back(negated(subject.fired(logic_, rules_[rule].form())));
  return all_of(logic_, all);
}

} // namespace sanku::prove
