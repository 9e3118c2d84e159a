// Every kernel's terms against the kernel itself, on random arguments: what the solver says a call
// gives is what the evaluator gets.
#include "compiler/builtins/builtin.h"
#include "compiler/evaluate/call.h"
#include "compiler/prove/scope.h"
#include "runtime/kernels/time.h"
#include "tests/unit/compiler/evaluate_world.h"

#include <gtest/gtest.h>

#include <random>

namespace sanku::prove {
namespace {

using kernels::Tag;

struct Random {
  std::mt19937_64 engine{7};

  std::int64_t number(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(high - low + 1));
  }
  template <class T> T one_of(std::initializer_list<T> all) {
    return *(all.begin() + number(0, static_cast<std::int64_t>(all.size()) - 1));
  }
  Date date() {
    // Ends of months and leap days are where calendars go wrong.
    const std::int64_t year = number(1996, 2028), month = number(1, 12);
    const std::int64_t last = kernels::days_in_month(year, month);
    return kernels::from_civil({year, month, number(0, 2) == 0 ? last : number(1, last)});
  }
  DateTime instant() {
    const std::int64_t second = number(0, 2) == 0 ? 0 : number(0, 86399);
    return {std::int64_t{date().days} * 86400 + second};
  }
  Window window() {
    const auto unit = static_cast<WindowUnit>(number(1, 9));
    return make_window(unit == WindowUnit::insurance_year ? 100 * number(1, 12) + 1 : number(1, 40),
                       unit);
  }
  Value value(Tag tag) {
    if (number(0, 5) == 0)
      return Unknown{};
    switch (tag) {
    case Tag::boolean:
      return Bool{number(0, 1) == 1};
    case Tag::integer:
      return Integer{number(-5, 12)};
    case Tag::decimal:
      return Decimal{number(0, 3) == 0 ? number(-9, 9) : number(-90000, 90000)};
    case Tag::date:
      return date();
    case Tag::datetime:
      return instant();
    case Tag::span:
      return make_span(number(0, 40), static_cast<SpanUnit>(number(1, 5)));
    case Tag::window:
      return window();
    case Tag::age: {
      const Date a = date(), b = date();
      return a.days <= b.days ? make_age(a, b) : make_age(b, a);
    }
    case Tag::count: {
      const std::int64_t low = number(0, 4);
      return Count{low, low + number(0, 2)};
    }
    case Tag::code:
      return CodeText{one_of<std::string>({"A1", "A1.2", "B7", "C9"})};
    case Tag::enumeration:
      return number(0, 4) == 0
                 ? EnumValue{.id = 0, .unlisted = "99"}
                 : EnumValue{.id = static_cast<std::uint32_t>(number(1, 3)), .unlisted = {}};
    case Tag::text:
      return one_of<std::string>({"A1", "A1.2", "Ａ１", "肺炎", "社区肺炎"});
    case Tag::score:
      return Score{static_cast<double>(number(-4, 4))};
    }
    return Unknown{};
  }
};

// What the checker only ever gives as a constant.
std::optional<Value> fixed(std::string_view kernel, std::size_t argument, Random& random) {
  if (kernel == "divide" && argument == 2)
    return Integer{random.number(-3, 6)};
  if ((kernel == "rescale" || kernel == "round" || kernel == "number_to_score") && argument == 1)
    return Integer{random.number(0, 4)};
  if (kernel == "code_in_set" && argument == 1)
    return random.one_of<std::string>({"A1", "A1..B1|C9", "B"});
  if (kernel == "code_in_set" && argument == 2)
    return Bool{random.number(0, 1) == 1};
  if (kernel.ends_with("_in_set") && argument == 1)
    return random.one_of<std::string>({"1|3", "-2..4|9", "2"});
  if (kernel == "zone_of" && argument == 1)
    return std::string("330000330100");
  return std::nullopt;
}

hir::Program small_program() {
  hir::Program made;
  made.schema = evaluate_test::small_schema();
  return made;
}

struct SmallWorld {
  hir::Program program = small_program();
  std::vector<knowledge::Table> tables = {};
  Tables keyed{program, tables};
  Logic logic;
  Domains domains{program.schema};
  World world{logic, domains, program, {}, false};
  Notes notes;
  hir::Rule rule;
  Shared shared{logic, domains, world, notes};

  SmallWorld() {
    rule.binder_relations = {0, 0};
    for (const char* code : {"A1", "A1.2", "B7", "C9"})
      EXPECT_TRUE(domains.want(0, code));
    for (const char* text : {"A1", "A1.2", "Ａ１", "肺炎", "社区肺炎", "330106"})
      EXPECT_TRUE(domains.want(domains.texts(), text));
    EXPECT_TRUE(domains.next_round());
  }

  // A variable that has to be the value.
  Sym variable(const Sym& value, z3::solver& solver) {
    Sym made = value;
    made.literal.reset();
    made.known = logic.fresh_bool("known");
    solver.add(made.known == value.known);
    if (value.kind == Kind::boolean) {
      const Term holds = logic.fresh_bool("holds");
      solver.add(z3::implies(made.known, holds == value.parts[0]));
      return logic.sym(Truth{made.known && holds, made.known && !holds});
    }
    for (Term& part : made.parts) {
      const Term own =
          value.kind == Kind::score ? logic.fresh_real("part") : logic.fresh_int("part");
      solver.add(own == part);
      part = own;
    }
    return made;
  }
};

TEST(ProveKernels, give_what_the_kernels_give) {
  SmallWorld world;
  Scope scope(world.shared, world.keyed, world.rule);
  evaluate::Calls calls;
  Random random;
  std::size_t compared = 0, names = 0;
  for (const builtins::Builtin& row : builtins::rows()) {
    const kernels::KernelRow& kernel = *row.kernel;
    const std::string_view name = kernel.name;
    ++names;
    for (int round = 0; round < 8; ++round) {
      calls.clear();
      z3::solver solver(world.logic.context);
      std::vector<Value> values;
      std::vector<Sym> arguments;
      for (std::size_t i = 0; i < kernel.arity; ++i) {
        const auto constant = fixed(name, i, random);
        Value value = constant ? *constant : random.value(kernel.params[i].tag);
        if (name == "zone_of" && i == 0)
          value = std::string("330106");
        if (name == "moment" && i == 1 && is_known(value))
          value = Integer{random.number(0, 3)};
        // Set texts of codes are looked into by the text of a code.
        const Type type{.kind = builtins::kind_of(kernel.params[i].tag)};
        values.push_back(value);
        const Sym made = scope.constant(value, type);
        arguments.push_back(constant ? made : world.variable(made, solver));
      }
      const Value expected = calls.call(kernel, values);
      const hir::Call form{&row, {}};
      const Type type{.kind = builtins::kind_of(kernel.result)};
      const Sym found = call(scope, form, arguments, type);
      for (const Term& fact : world.logic.facts)
        solver.add(fact);
      world.logic.facts.clear();
      Sym wanted = scope.constant(expected, type);
      if (name == "moment") // which packs two numbers into one
        continue;
      Term differs = found.known != wanted.known;
      if (is_known(expected) && name != "number_to_score")
        for (std::size_t i = 0; i < wanted.parts.size(); ++i)
          differs = differs || found.parts[i] != wanted.parts[i];
      solver.push();
      ASSERT_EQ(solver.check(), z3::sat) << name;
      solver.pop();
      solver.add(differs);
      ASSERT_EQ(solver.check(), z3::unsat)
          << name << ": the kernel gives " << to_text(expected, type, Language::en, "?");
      ++compared;
    }
  }
  EXPECT_GT(compared, 6 * (names - 1));
  EXPECT_TRUE(world.notes.freed.empty()) << *world.notes.freed.begin();
}

TEST(ProveKernels, a_simple_form_has_a_shortest_text) {
  EXPECT_EQ(shortest_of("[A-Z][A-Z0-9]{2,4}", ""), "A00");
  EXPECT_EQ(shortest_of("C[0-9]{4,}", "C12"), "C1200");
  EXPECT_EQ(shortest_of("[0-9]{3}", "7"), "700");
  EXPECT_EQ(shortest_of("[0-9]{3}", "A"), "");
  EXPECT_EQ(shortest_of("(A|B)", ""), "");
}

} // namespace
} // namespace sanku::prove
