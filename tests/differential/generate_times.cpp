// Dates, instants, lengths of time, windows and ages: see generator.h.
#include "tests/differential/generator.h"

#include <fmt/format.h>

namespace sanku::differential {
namespace {

Made made(Piece piece, const Type& type, Level level) {
  piece.kind = fmt::format("{} {}", info(type.kind).en, type.domain);
  return {.piece = std::move(piece), .type = type, .level = level, .flexible = false};
}

} // namespace

Made Generator::date(int depth) {
  const Type type{.kind = Kind::date};
  if (depth <= 0)
    return random_.chance(80) ? field_or(type, literal(type)) : literal(type);
  const auto some = [&] { return date(depth - 1); };
  switch (random_.below(may_fold() ? 6 : 5)) {
  case 0:
    return sum_of(some(), random_.chance(50) ? " + " : " - ", span(0));
  case 1:
    return call("date_of", "日期", {datetime(depth - 1)}, type);
  case 2:
    return call(random_.chance(50) ? "smaller" : "larger", "较小者", {some(), some()}, type);
  case 3:
    return otherwise(field_or(type, some()), some());
  case 4:
    return field_or(type, literal(type));
  default:
    return fold(random_.chance(50) ? "min" : "max", " take ", &type, type, depth);
  }
}

Made Generator::datetime(int depth) {
  const Type type{.kind = Kind::datetime};
  const Made plain = *field(type); // the settlement has some
  if (depth <= 0)
    return plain;
  if (random_.chance(15)) {
    Made moved = sum_of(datetime(depth - 1), random_.chance(60) ? " + " : " - ", span(0));
    return made(std::move(moved.piece), type, Level::sum);
  }
  switch (random_.below(may_fold() ? 5 : 4)) {
  case 0:
    return call("smaller", "较小者", {plain, datetime(depth - 1)}, type);
  case 1:
    return call("larger", "较大者",
                {plain, random_.chance(30) ? date(depth - 1) : datetime(depth - 1)}, type);
  case 2:
    return otherwise(plain, random_.chance(30) ? date(depth - 1) : datetime(depth - 1));
  case 3:
    return plain;
  default:
    return fold(random_.chance(50) ? "min" : "max", " take ", &type, type, depth);
  }
}

Made Generator::span(int depth) {
  const Type type{.kind = Kind::span};
  if (random_.chance(6))
    return made(random_.chance(50) ? "newborn_days" : "新生儿天数", type, Level::postfix);
  if (depth <= 0)
    return random_.chance(50) ? field_or(type, literal(type)) : literal(type);
  switch (random_.below(4)) {
  case 0: {
    Made difference = sum_of(date(depth - 1), " - ", date(depth - 1));
    return made(std::move(difference.piece), type, Level::sum);
  }
  case 1: {
    Made difference = sum_of(datetime(depth - 1), " - ",
                             random_.chance(25) ? date(depth - 1) : datetime(depth - 1));
    return made(std::move(difference.piece), type, Level::sum);
  }
  case 2:
    return otherwise(field_or(type, literal(type)), span(0));
  default:
    return negated(literal(type));
  }
}

Made Generator::window(int depth) {
  const Type type{.kind = Kind::window};
  constexpr const char* counted[] = {"1 day", "3 days", "2 weeks", "6 hours", "1 hour", "24小时"};
  if (depth > 0 && random_.chance(30))
    return otherwise(field_or(type, literal(type)), window(0));
  if (random_.chance(30))
    return field_or(type, literal(type));
  if (random_.chance(40))
    return literal(type);
  Made one = made(random_.of(counted), type, Level::postfix);
  one.flexible = true;
  return one;
}

Made Generator::age(int depth) {
  const Type type{.kind = Kind::age};
  switch (random_.below(depth > 0 ? 5 : 3)) {
  case 0:
    return call("age_at", "年龄", {date(0)}, type);
  case 1:
  case 2:
    return *field(type); // the patient's
  case 3:
    return call("age_at", "年龄", {date(depth - 1), date(depth - 1)}, type);
  default:
    return otherwise(*field(type), age(depth - 1));
  }
}

} // namespace sanku::differential
