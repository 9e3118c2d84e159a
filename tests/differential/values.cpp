// See values.h.
#include "tests/differential/values.h"

#include "runtime/batch/cell.h"
#include "runtime/types/candidates.h"
#include "runtime/types/check.h"

#include <fmt/format.h>

namespace sanku::differential {
namespace {

constexpr std::int64_t day_seconds = 86400;

Date date_in(Random& random) {
  // Days since 1970-01-01: around 2026-03-01 mostly; then leap days, year ends and the far past.
  constexpr std::int32_t march_2026 = 20513;
  constexpr std::int32_t others[] = {19782 /* 2024-02-29 */,
                                     13938 /* 2008-02-29 */,
                                     13943 /* 2008-03-05 */,
                                     20453 /* 2025-12-31 */,
                                     20454 /* 2026-01-01 */,
                                     20148 /* 2025-03-01 */,
                                     0,
                                     -25567 /* 1900-01-01 */,
                                     47482 /* 2100-01-01 */};
  if (random.chance(75))
    return Date{march_2026 + static_cast<std::int32_t>(random.between(-3, 3))};
  return Date{random.of(others)};
}

DateTime instant_in(Random& random) {
  constexpr std::int64_t seconds[] = {8 * 3600,  8 * 3600 + 3599, 9 * 3600,
                                      14 * 3600, 14 * 3600 + 60,  day_seconds - 1};
  const std::int64_t day = date_in(random).days;
  return DateTime{day * day_seconds + (random.chance(35) ? 0 : random.of(seconds))};
}

Value number_in(Random& random, const Type& type) {
  const std::int64_t bound = batch::unit_bound(type);
  std::int64_t one = 1;
  for (unsigned i = 0; i < type.scale; ++i)
    one *= 10;
  if (random.chance(4))
    return Decimal{random.chance(50) ? bound - 1 : 1 - bound};
  if (random.chance(4))
    return Decimal{random.between(1, 9) * (bound / 10)};
  const std::int64_t small[] = {0,        one,       2 * one,       3 * one, 10 * one,
                                35 * one, one / 2,   one + one / 4, 1,       -one,
                                -one / 2, -35 * one, one / 3};
  const std::int64_t units = random.of(small);
  return Decimal{units < bound && units > -bound ? units : 0};
}

Value integer_in(Random& random, Place place) {
  constexpr std::int64_t small[] = {0, 1, 2, 3, 4, 5, 7, 30};
  constexpr std::int64_t others[] = {
      -1, -30, 1'000'000'000'000'000, -1'000'000'000'000'000, INT64_MAX, INT64_MIN + 1};
  if (place != Place::key && random.chance(12))
    return Integer{random.of(others)};
  return Integer{random.of(small)};
}

Value span_in(Random& random) {
  struct Length {
    std::int64_t number;
    SpanUnit unit;
  };
  constexpr Length lengths[] = {
      {1, SpanUnit::days},   {3, SpanUnit::days},     {28, SpanUnit::days}, {6, SpanUnit::months},
      {1, SpanUnit::months}, {18, SpanUnit::years},   {2, SpanUnit::years}, {2, SpanUnit::hours},
      {24, SpanUnit::hours}, {30, SpanUnit::minutes}, {0, SpanUnit::days}};
  const Length length = random.of(lengths);
  return make_span(length.number, length.unit);
}

Value window_in(Random& random) {
  struct Length {
    std::int64_t number;
    WindowUnit unit;
  };
  constexpr Length lengths[] = {
      {1, WindowUnit::days},          {2, WindowUnit::days},     {14, WindowUnit::days},
      {6, WindowUnit::hours},         {1, WindowUnit::hours},    {1, WindowUnit::same_hour},
      {1, WindowUnit::visit},         {1, WindowUnit::month},    {1, WindowUnit::quarter},
      {1, WindowUnit::calendar_year}, {1, WindowUnit::lifetime}, {101, WindowUnit::insurance_year}};
  const Length length = random.of(lengths);
  return make_window(length.number, length.unit);
}

Value enum_in(Random& random, const schema::EnumType& type, Place place) {
  if (place == Place::visit && !type.closed && random.chance(15))
    return EnumValue{.id = 0, .unlisted = random.chance(50) ? "77" : "ZZ"};
  // The first few values mostly, so that they meet.
  const auto members = static_cast<std::uint32_t>(type.members.size());
  const std::uint32_t most = random.chance(80) ? std::min(members, 3u) : members;
  return EnumValue{.id = static_cast<std::uint32_t>(random.below(most)) + 1, .unlisted = {}};
}

// How drugs are taken, in words that are read and in some that are not; empty: no such column.
std::vector<std::string> dosage_words(schema::Role role) {
  switch (role) {
  case schema::Role::dose:
    return {"0.5g", "每次2片", "1支", "遵医嘱"};
  case schema::Role::frequency:
    return {"tid", "每日二次", "q8h", "必要时"};
  case schema::Role::spec:
    return {"0.25g*24片/盒", "0.5g×10", "1支", "5%"};
  case schema::Role::unit:
    return {"盒", "片", "支"};
  default:
    return {};
  }
}

std::vector<Value> random_row(Random& random, const schema::Schema& schema,
                              const schema::Relation& relation, std::uint32_t missing_percent) {
  std::vector<Value> row = testing::empty_row(relation);
  for (std::size_t column = 0; column < row.size(); ++column) {
    const schema::Column& declared = relation.columns[column];
    if (declared.optional && random.chance(missing_percent))
      continue;
    // It is made of the others.
    if (declared.role == schema::Role::supply)
      continue;
    const std::vector<std::string> words = dosage_words(declared.role);
    if (declared.role == schema::Role::current)
      row[column] = Bool{random.chance(92)};
    else if (!words.empty() && random.chance(70))
      row[column] = random.of(words);
    else
      row[column] = value_of(random, schema, declared.type, Place::visit);
  }
  return row;
}

// Most answers are of what rules ask; now and then somebody answers both yes and no. With draws of
// its own, so that nothing else that a seed generates depends on it.
void answer_questions(Random random, const schema::Schema& schema, testing::Visit& visit) {
  for (std::size_t relation = 1; relation < schema.relations.size(); ++relation) {
    const auto question = schema::column_with(schema.relations[relation], schema::Role::question),
               answer = schema::column_with(schema.relations[relation], schema::Role::answer);
    if (!question || !answer || schema.relations[relation].raw_of)
      continue;
    auto& rows = visit.rows[relation];
    for (std::vector<Value>& row : rows)
      if (random.chance(60))
        row[*question] = std::string(random.of(questions));
    if (!random.chance(30))
      continue;
    const std::string asked = random.of(questions);
    for (const bool yes : {true, false}) {
      std::vector<Value> row = testing::empty_row(schema.relations[relation]);
      row[*question] = asked;
      row[*answer] = Bool{yes};
      rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(random.below(rows.size() + 1)),
                  std::move(row));
    }
  }
}

} // namespace

std::string code_of(Random& random, const schema::Schema& schema, std::uint32_t system,
                    Place place) {
  const schema::CodeSystem& declared = schema.systems[system];
  if (!declared.members.empty())
    return code_of(random, schema, random.of(declared.members), place);
  if (place == Place::visit && random.chance(6))
    return random.chance(50) ? "UNKNOWN-1" : "?";
  const std::uint64_t n = random.below(place == Place::key ? 6 : 5);
  // Dagger and asterisk.
  if (declared.names.en == "DiagnosisCode" && random.chance(place == Place::visit ? 15 : 5))
    return fmt::format("E1{}.90{}+E1{}.90{}*", n % 3, n / 3, random.below(3), random.below(2));
  if (declared.names.en == "DrugCode")
    return fmt::format("XA01AAA001A00101010{:04}", n);
  if (declared.names.en == "ServiceCode")
    return fmt::format("00110200004000{}", n);
  if (declared.names.en == "ConsumableCode")
    return fmt::format("C010101000000000000{:02}", n);
  if (declared.names.en == "DiagnosisCode")
    return fmt::format("E1{}.90{}", n % 3, n / 3);
  if (declared.names.en == "OperationCode")
    return fmt::format("38.4600x00{}", n);
  if (declared.names.en == "PieceCode")
    return fmt::format("T00000000{}", n);
  return fmt::format("A{}", n);
}

std::string text_of(Random& random) {
  constexpr const char* texts[] = {"日",           "小时",   "ＡＢ１", "AB1", "AB",
                                   "黄体酮软胶囊", "黄体酮", "限 女",  "x"};
  return random.of(texts);
}

Value value_of(Random& random, const schema::Schema& schema, const Type& type, Place place) {
  switch (type.kind) {
  case Kind::boolean:
    return Bool{random.chance(50)};
  case Kind::integer:
    return integer_in(random, place);
  case Kind::decimal:
  case Kind::money:
    return number_in(random, type);
  case Kind::date:
    return date_in(random);
  case Kind::datetime:
    return instant_in(random);
  case Kind::span:
    return span_in(random);
  case Kind::window:
    return window_in(random);
  case Kind::code:
    // Now and then one of several, as a hospital's code may be.
    if (place == Place::visit && random.chance(4))
      return CodeText{code_of(random, schema, type.domain, Place::table) + candidate_separator +
                      code_of(random, schema, type.domain, place)};
    return CodeText{code_of(random, schema, type.domain, place)};
  case Kind::enumeration:
    return enum_in(random, schema.enums[type.domain], place);
  case Kind::text:
    return text_of(random);
  case Kind::age:
  case Kind::count:
  case Kind::score:
  case Kind::reasons:
    break;
  }
  unreachable("ages and counts are never stored");
}

testing::Visit random_visit(Random& random, const schema::Schema& schema, const VisitShape& shape) {
  testing::Visit visit;
  // Most visits miss a little; some nothing, some nearly everything.
  const std::uint32_t missing = random.chance(15)   ? 0
                                : random.chance(15) ? 5 * shape.missing_percent
                                                    : shape.missing_percent;
  visit.rows.resize(schema.relations.size());
  visit.rows[0].push_back(random_row(random, schema, schema.relations[0], missing));
  for (std::size_t relation = 1; relation < schema.relations.size(); ++relation) {
    if (schema.relations[relation].raw_of)
      continue; // filled by assemble
    const std::uint64_t count = random.chance(12) ? 0 : random.below(shape.most_rows) + 1;
    for (std::uint64_t i = 0; i < count; ++i) {
      // Lines charged twice are the same line in every column, or in all but a few.
      const bool again = i > 0 && random.chance(20);
      auto row = again ? visit.rows[relation].back()
                       : random_row(random, schema, schema.relations[relation], missing);
      if (again && random.chance(50)) {
        const std::size_t column = random.below(row.size());
        row[column] = random_row(random, schema, schema.relations[relation], missing)[column];
      }
      visit.rows[relation].push_back(std::move(row));
    }
  }
  answer_questions(random, schema, visit);
  return visit;
}

} // namespace sanku::differential
