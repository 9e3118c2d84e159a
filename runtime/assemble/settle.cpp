// See settle.h.
#include "runtime/assemble/settle.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

namespace sanku::assemble {
namespace {

using schema::Role;

struct Header {
  std::optional<Int128> total;
  std::optional<std::int64_t> settled; // seconds
};

Header header_of(const schema::Schema& schema, const Part& part) {
  const Row row = unpack(schema, part.content)[0][0];
  Header made;
  if (const auto column = schema::column_with(schema.relations[0], Role::amount))
    if (const auto* total = std::get_if<Decimal>(&row[*column]))
      made.total = total->units;
  if (const auto column = schema::column_with(schema.relations[0], Role::settled)) {
    if (const auto* time = std::get_if<DateTime>(&row[*column]))
      made.settled = time->seconds;
    if (const auto* date = std::get_if<Date>(&row[*column]))
      made.settled = std::int64_t{86400} * date->days;
  }
  return made;
}

// What a refund without a link takes back, if that can be told.
std::optional<std::uint32_t> opposite(const schema::Schema& schema,
                                      const std::vector<Part>& records, std::uint32_t refund,
                                      const std::vector<std::uint32_t>& left) {
  const Header own = header_of(schema, records[refund]);
  if (!own.total || *own.total >= 0)
    return std::nullopt;
  std::optional<std::uint32_t> best;
  std::tuple<std::int64_t, std::string_view> best_place;
  for (const std::uint32_t other : left) {
    const Header header = header_of(schema, records[other]);
    if (!header.total || *header.total != -*own.total)
      continue;
    if (own.settled && header.settled && *header.settled > *own.settled)
      continue;
    const std::tuple<std::int64_t, std::string_view> place(header.settled.value_or(INT64_MIN),
                                                           records[other].content);
    if (!best || place > best_place) {
      best = other;
      best_place = place;
    }
  }
  return best;
}

using Numbers = std::map<std::string_view, std::vector<std::uint32_t>>; // by settlement number

Numbers by_number(const std::vector<Part>& records) {
  Numbers numbers;
  for (std::uint32_t i = 0; i < records.size(); ++i)
    if (!records[i].keys.settlement.empty())
      numbers[records[i].keys.settlement].push_back(i);
  return numbers;
}

// What speaks against a record, of its visit or of another; the first of its visit.
std::optional<RecordPlace> contradiction(const std::vector<Part>& records, const Numbers& numbers,
                                         std::uint32_t record) {
  const Part& own = records[record];
  if (own.stands || own.contradicted)
    return own.stands ? std::nullopt : own.contradicted;
  const auto same = numbers.find(own.keys.settlement);
  if (same == numbers.end())
    return std::nullopt;
  const auto stands = [&](std::uint32_t i) { return records[i].stands; };
  const bool decided = std::ranges::any_of(same->second, stands);
  for (const std::uint32_t other : same->second)
    if (records[other].content != own.content && (!decided || stands(other)))
      return RecordPlace{records[other].file, stands(other) ? 0 : records[other].origin.line};
  return std::nullopt;
}

} // namespace

Settled settle(const schema::Schema& schema, const std::vector<Part>& records) {
  Settled made;
  std::vector<std::uint32_t> accepted;
  std::set<std::string_view> contents;
  const Numbers numbers = by_number(records);
  for (std::uint32_t i = 0; i < records.size(); ++i) {
    if (auto other = contradiction(records, numbers, i))
      made.conflicts.push_back({i, std::move(*other)});
    else if (contents.insert(records[i].content).second)
      accepted.push_back(i);
    else
      made.repeated.push_back(i);
  }
  std::set<std::string_view> named;
  for (const std::uint32_t i : accepted)
    if (!records[i].keys.takes_back.empty())
      named.insert(records[i].keys.takes_back);
  std::vector<std::uint32_t> left, unnamed;
  for (const std::uint32_t i : accepted) {
    const Part& record = records[i];
    if (record.keys.refund && record.keys.takes_back.empty())
      unnamed.push_back(i);
    const bool leaves =
        record.keys.refund || record.taken_back || named.contains(record.keys.settlement);
    (leaves ? made.refunded : left).push_back(i);
  }
  // In an order that does not depend on the file's.
  std::ranges::sort(unnamed, {},
                    [&](std::uint32_t i) -> const std::string& { return records[i].content; });
  for (const std::uint32_t refund : unnamed)
    if (const auto other = opposite(schema, records, refund, left)) {
      std::erase(left, *other);
      made.refunded.push_back(*other);
    }
  made.parts = std::move(left);
  return made;
}

} // namespace sanku::assemble
