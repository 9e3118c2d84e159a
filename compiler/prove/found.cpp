// The solver's part of Encoded (encoded.h): is there a claim, what can be left out of it, and what
// it then says.
#include "compiler/prove/encoded.h"
#include "runtime/kernels/number.h"
#include "runtime/kernels/time.h"
#include "runtime/types/check.h"

#include <algorithm>

namespace sanku::prove {
namespace {

// The day of most examples in the documents: 2026-03-05.
constexpr std::int64_t usual_day = kernels::from_civil({2026, 3, 5}).days;

Int128 whole(const Term& number) {
  // Of negative numbers the solver writes (- n).
  const Term term = number.simplify();
  Int128 units = 0;
  std::string text = term.is_numeral() ? term.get_decimal_string(0) : "0";
  check(parse_decimal(text, 0, units), "the solver's number is a number");
  return units;
}

} // namespace

std::uint64_t Spending::microseconds() const {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                        std::chrono::steady_clock::now() - begun_)
                                        .count());
}

Spending::~Spending() {
  effort_.microseconds -= std::min(effort_.microseconds, microseconds());
  effort_.by_time = effort_.by_time || effort_.microseconds == 0;
}

// A question may take half of what is left, so that one which is hard leaves some for the others.
Encoded::Said Encoded::ask(const std::vector<Term>& assumed) {
  Effort& left = *limits_.left;
  if (left.is_spent())
    return Said::unknown;
  const Spending spending(left);
  const auto part = [](std::uint64_t all) {
    return static_cast<unsigned>(std::clamp<std::uint64_t>(all / 2, 1, UINT32_MAX - 1));
  };
  z3::params settings(logic_.context);
  settings.set("rlimit", part(left.steps));
  const unsigned milliseconds = part(left.microseconds / 1000);
  settings.set("timeout", milliseconds);
  solver_->set(settings);
  const std::uint64_t before = spent_;
  z3::expr_vector all(logic_.context);
  for (const Term& term : assumed)
    all.push_back(term);
  const z3::check_result result = solver_->check(all);
  const z3::stats numbers = solver_->statistics();
  for (unsigned i = 0; i < numbers.size(); ++i)
    if (numbers.key(i) == "rlimit count")
      spent_ = numbers.uint_value(i);
  left.steps -= std::min(left.steps, spent_ - std::min(spent_, before));
  // Of its limits the solver does not say which one it met.
  if (result == z3::unknown && spending.microseconds() / 1000 >= milliseconds)
    left.by_time = true;
  if (result == z3::sat)
    model_ = solver_->get_model();
  return result == z3::sat ? Said::yes : result == z3::unsat ? Said::no : Said::unknown;
}

bool Encoded::holds(const Term& term) const { return model_->eval(term, true).is_true(); }

bool Encoded::is_there(const Place& place) const {
  Place element = place;
  element.column = 0;
  if (place.visit != no_visit && place.visit > 0 &&
      !(place.visit < world_->visits().size() && holds(world_->visits()[place.visit])))
    return false;
  if (place.visit != no_visit && place.relation == 0)
    return true;
  const auto found = world_->elements().find(element);
  return found != world_->elements().end() && holds(found->second);
}

// What a field would best be, dearest wish first: usual amounts and days read better.
std::vector<Term> Encoded::wishes(const Place& place, const Sym& cell) {
  const schema::Column& column =
      hir::relation(world_->program(), place.relation).columns[place.column];
  std::vector<Term> all;
  const auto is = [&](std::size_t part, Int128 value) {
    return cell.parts[part] == logic_.number(value);
  };
  switch (cell.kind) {
  case Kind::integer:
    for (const int n : {1, 0, 2})
      all.push_back(is(0, n));
    for (const int most : {10, 100, 10000})
      all.push_back(logic_.number(0) <= cell.parts[0] && cell.parts[0] <= logic_.number(most));
    break;
  case Kind::decimal:
  case Kind::money: {
    const Int128 one = kernels::power_of_ten(column.type.scale);
    const bool money = cell.kind == Kind::money;
    all.push_back(is(0, money ? 100 * one : one));
    all.push_back(is(0, money ? one : 2 * one));
    for (const int most : {10, 100, 1000, 100000})
      all.push_back(z3::mod(cell.parts[0], logic_.number(one)) == 0 &&
                    logic_.number(0) <= cell.parts[0] &&
                    cell.parts[0] <= logic_.number(most * one));
    all.push_back(is(0, 0));
    break;
  }
  case Kind::date:
    all.push_back(is(0, usual_day));
    all.push_back(logic_.number(usual_day - 40 * 365) <= cell.parts[0] &&
                  cell.parts[0] <= logic_.number(usual_day + 366));
    break;
  case Kind::datetime:
    all.push_back(is(0, usual_day) && is(1, 0));
    all.push_back(is(0, usual_day));
    all.push_back(is(1, 0));
    all.push_back(z3::mod(cell.parts[1], logic_.context.int_val(3600)) == 0);
    all.push_back(logic_.number(usual_day - 366) <= cell.parts[0] &&
                  cell.parts[0] <= logic_.number(usual_day + 366));
    break;
  case Kind::span:
    all.push_back(is(1, 1));
    all.push_back(is(0, 10));
    break;
  case Kind::window:
    all.push_back(is(0, 1));
    break;
  case Kind::enumeration:
    all.push_back(cell.parts[0] < logic_.number(first_unlisted));
    break;
  default:
    break;
  }
  return all;
}

// Keeps to it from now on, if there still is a claim.
bool Encoded::wish(const Term& term, std::vector<Term>& assumed) {
  assumed.push_back(term);
  if (holds(term) || ask(assumed) == Said::yes)
    return true;
  assumed.pop_back();
  return false;
}

void Encoded::come_near(const Question& question, std::vector<Term>& assumed) {
  const std::size_t rule = question.near->rule;
  std::size_t most = 0;
  for (const Subject& subject : subjects_[rule])
    most = std::max(most, subject.conditions[question.near->which].near.size());
  for (std::size_t i = 0; i < most; ++i) {
    std::vector<Term> any;
    for (const Subject& subject : subjects_[rule]) {
      const std::vector<Term>& near = subject.conditions[question.near->which].near;
      if (i < near.size())
        any.push_back(both(near[i], all_demands(question, rule, subject)));
    }
    if (wish(any_of(logic_, any), assumed))
      return;
  }
}

// Leaves out what can be: elements, then fields; of what stays, usual values.
void Encoded::shrink(std::vector<Term>& assumed) {
  for (std::size_t visit = world_->visits().size(); visit-- > 1;)
    static_cast<void>(wish(negated(world_->visits()[visit]), assumed));
  const auto& elements = world_->elements();
  for (auto each = elements.rbegin(); each != elements.rend(); ++each)
    static_cast<void>(wish(negated(each->second), assumed));
  for (const auto& [place, cell] : world_->cells())
    if (!cell.known.is_true() && !cell.known.is_false() && is_there(place))
      static_cast<void>(wish(negated(cell.known), assumed));
  // Dates, such as those of birth, last: they are far from the day of the claim.
  for (const bool dates : {false, true})
    for (const auto& [place, cell] : world_->cells())
      if ((cell.kind == Kind::date) == dates && is_there(place) && holds(cell.known))
        improve(place, cell, assumed);
}

void Encoded::improve(const Place& place, const Sym& cell, std::vector<Term>& assumed) {
  for (const Term& better : wishes(place, cell))
    if (wish(better, assumed) && cell.kind != Kind::datetime && cell.kind != Kind::span)
      break;
}

Search Encoded::find(const Term& goal, bool plain, const Question& question) {
  if (goal.is_false())
    return {};
  Search found;
  // What the question itself defined holds from now on.
  for (; facts_ < logic_.facts.size(); ++facts_)
    solver_->add(logic_.facts[facts_]);
  solver_->push();
  solver_->add(goal);
  std::vector<Term> assumed;
  if (plain)
    assumed.push_back(*plain_);
  const Said said = ask(assumed);
  found.unknown = said == Said::unknown;
  if (said == Said::yes) {
    if (question.near)
      come_near(question, assumed);
    if (question.minimal)
      shrink(assumed);
    found.claim = claim();
  }
  solver_->pop();
  return found;
}

// ---- what was found

Value Encoded::value(const Place& place, const Sym& cell) const {
  const schema::Column& column =
      hir::relation(world_->program(), place.relation).columns[place.column];
  const auto part = [&](std::size_t i) { return whole(model_->eval(cell.parts[i], true)); };
  const auto number = [&](std::size_t i) { return static_cast<std::int64_t>(part(i)); };
  switch (cell.kind) {
  case Kind::boolean:
    return Bool{holds(cell.parts[0])};
  case Kind::integer:
    return Integer{number(0)};
  case Kind::decimal:
  case Kind::money:
    return Decimal{part(0)};
  case Kind::date:
    return Date{static_cast<std::int32_t>(number(0))};
  case Kind::datetime:
    return DateTime{number(0) * kernels::seconds_a_day + number(1)};
  case Kind::span:
    return make_span(number(0), static_cast<SpanUnit>(number(1)));
  case Kind::window:
    return make_window(number(0), static_cast<WindowUnit>(number(1)));
  case Kind::enumeration: {
    const auto id = static_cast<std::uint32_t>(number(0));
    if (id < first_unlisted)
      return EnumValue{.id = id, .unlisted = {}};
    const schema::EnumType& type = world_->program().schema.enums[column.type.domain];
    for (const char* code : {"99", "98", "97", "x99"})
      if (schema::enum_id(type, code) >= first_unlisted)
        return EnumValue{.id = 0, .unlisted = code};
    return Unknown{};
  }
  case Kind::code:
  case Kind::text: {
    const auto& texts = domains_.all(cell.domain);
    const auto at = static_cast<std::size_t>(number(0));
    const std::string text = at < texts.size() ? texts[at] : std::string("?");
    if (cell.kind == Kind::code)
      return CodeText{text};
    return text;
  }
  case Kind::age:
  case Kind::count:
  case Kind::score:
  case Kind::reasons:
    break;
  }
  return Unknown{};
}

Claim Encoded::claim() const {
  Claim made;
  for (std::size_t visit = 1; visit < world_->visits().size(); ++visit)
    if (holds(world_->visits()[visit]))
      made.visits = static_cast<std::uint32_t>(visit) + 1;
  for (const auto& [place, there] : world_->elements())
    if (is_there(place))
      made.elements.push_back(place);
  for (const auto& [place, cell] : world_->cells()) {
    made.read.insert(place);
    if (is_there(place) && holds(cell.known))
      made.cells.emplace(place, value(place, cell));
  }
  return made;
}

} // namespace sanku::prove
