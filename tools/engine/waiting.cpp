// See waiting.h. Entries of `visits_` are records, and what settlement numbers tell about them;
// those of `settlements_` say which record has, or takes back, a settlement number.
#include "tools/engine/waiting.h"

#include "runtime/assemble/merge.h"
#include "runtime/types/check.h"
#include "tools/engine/entries.h"
#include "tools/engine/partitions.h"
#include "tools/engine/sorted_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace sanku::engine {
namespace {

using assemble::Part;

constexpr std::size_t least_memory = 64u << 10;

enum class Entry : char { record, taken_back, contradicted };
enum class Claim : char { has, takes_back };

std::string record_entry(const WaitingRecord& record) {
  std::string out;
  put(out, Entry::record);
  put_text(out, record.part.keys.visit);
  put_origin(out, record.part.origin);
  put_text(out, record.part.keys.settlement);
  put_text(out, record.part.keys.takes_back);
  put(out, record.part.keys.refund);
  put_text(out, record.part.content);
  put_text(out, record.file);
  put_text(out, record.text);
  return out;
}

// `other`: the record that it is about.
std::string news_entry(Entry kind, const std::string& visit, const batch::Origin& origin,
                       const assemble::RecordPlace& other) {
  std::string out;
  put(out, kind);
  put_text(out, visit);
  put_origin(out, origin);
  put_text(out, other.file);
  put(out, other.line);
  return out;
}

std::string claim_entry(Claim claim, const std::string& settlement, const WaitingRecord& record) {
  std::string out;
  put(out, claim);
  put_text(out, settlement);
  put_text(out, record.part.keys.visit);
  put_origin(out, record.part.origin);
  put_text(out, record.file);
  return out;
}

struct Claimed {
  std::string settlement, visit;
  batch::Origin origin;
  std::string file;
  Claim claim = Claim::has;
};

Claimed claimed_in(std::string_view entry) {
  Claimed made;
  made.claim = take<Claim>(entry);
  made.settlement = take_text(entry);
  made.visit = take_text(entry);
  made.origin = take_origin(entry);
  made.file = take_text(entry);
  return made;
}

// What speaks against a record's settlement number in another visit, if anything does: what stands
// in the store; else the first of the input. Claims of one number, in the order of the input.
const Claimed* against(const std::vector<const Claimed*>& holders, const Claimed& own) {
  if (is_stored(own.origin))
    return nullptr;
  const bool decided = is_stored(holders.front()->origin);
  for (const Claimed* other : holders)
    if (other->visit != own.visit && (!decided || is_stored(other->origin)))
      return other;
  return nullptr;
}

std::uint64_t hash_of_claim(std::string_view entry) {
  (void)take<Claim>(entry);
  return assemble::settlement_hash(take_text(entry));
}
std::uint64_t hash_of_record(std::string_view entry) {
  (void)take<Entry>(entry);
  return assemble::visit_hash(take_text(entry));
}

struct VisitRecords {
  std::vector<Part> records;
  std::vector<std::string> texts; // by record
  struct News {
    Entry kind;
    batch::Origin origin;
    assemble::RecordPlace other;
  };
  std::vector<News> news;
};

void add_entry(std::string_view entry, std::map<std::string, VisitRecords>& visits) {
  const auto kind = take<Entry>(entry);
  const std::string key = take_text(entry);
  const batch::Origin origin = take_origin(entry);
  VisitRecords& visit = visits[key];
  if (kind != Entry::record) {
    std::string file = take_text(entry);
    visit.news.push_back({kind, origin, {std::move(file), take<std::uint64_t>(entry)}});
    return;
  }
  Part& part = visit.records.emplace_back();
  part.origin = origin;
  part.stands = is_stored(origin);
  part.keys.visit = key;
  part.keys.settlement = take_text(entry);
  part.keys.takes_back = take_text(entry);
  part.keys.refund = take<bool>(entry);
  part.content = take_text(entry);
  part.file = take_text(entry);
  visit.texts.push_back(take_text(entry));
}

// A record of the store that was asked for twice, or that the input sends again, counts once; what
// is judged is what was sent, which then stands as the store's does.
void leave_twins(VisitRecords& sorted) {
  VisitRecords kept;
  for (std::size_t i = 0; i < sorted.records.size(); ++i) {
    const Part& part = sorted.records[i];
    const auto behind = sorted.records.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    const auto twin = std::find_if(behind, sorted.records.end(), [&](const Part& other) {
      return other.keys.settlement == part.keys.settlement && other.content == part.content;
    });
    if (is_stored(part.origin) && twin != sorted.records.end()) {
      twin->taken_back = twin->taken_back || part.taken_back;
      twin->stands = true;
      continue;
    }
    kept.records.push_back(std::move(sorted.records[i]));
    kept.texts.push_back(std::move(sorted.texts[i]));
  }
  sorted = std::move(kept);
}

// In the order in which the records came, each with what was told of it.
void put_in_order(VisitRecords& visit) {
  std::vector<std::size_t> order(visit.records.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return comes_before(visit.records[a].origin, visit.records[b].origin);
  });
  VisitRecords sorted;
  for (const std::size_t i : order) {
    sorted.records.push_back(std::move(visit.records[i]));
    sorted.texts.push_back(std::move(visit.texts[i]));
  }
  for (const VisitRecords::News& news : visit.news) {
    const auto of =
        std::ranges::lower_bound(sorted.records, news.origin, comes_before, &Part::origin);
    check(of != sorted.records.end(), "news are of a record that waits");
    if (news.kind == Entry::taken_back)
      of->taken_back = true;
    else
      of->contradicted = news.other;
  }
  leave_twins(sorted);
  visit = std::move(sorted);
}

io::Reject reject_of(const VisitRecords& visit, const assemble::Conflict& conflict) {
  const Part& part = visit.records[conflict.part];
  io::Reject reject{.file = part.file,
                    .line = part.origin.line,
                    .offset = part.origin.offset,
                    .reason_en = {},
                    .reason_zh = {},
                    .text = visit.texts[conflict.part]};
  const auto& [file, line] = conflict.other;
  if (line == 0) {
    reject.reason_en = "the settlement's number was read in an earlier run, with other content; "
                       "only the first counts";
    reject.reason_zh = "该结算号已在以前的运行中读入且内容不同，以先读入者为准";
    return reject;
  }
  reject.reason_en = fmt::format("a record with the same settlement number, on line {}{}{}, has "
                                 "other content; neither counts until one of them is sent alone",
                                 line, file.empty() ? "" : " of ", file);
  reject.reason_zh =
      fmt::format("{}{}第 {} 行的结算号与此相同而内容不同，两者均不采用，请核对后只报一条", file,
                  file.empty() ? "" : " ", line);
  return reject;
}

} // namespace

Waiting::Waiting(const Engine& engine, const RunOptions& options, Remembered& remembered)
    : engine_(engine), options_(options), remembered_(remembered),
      memory_(std::max(options.memory / 4, least_memory)), visits_(lanes, memory_ / 2),
      settlements_(lanes, memory_ / 8), visit_bytes_(lanes, 0), settlement_bytes_(lanes, 0) {}

Result<void> Waiting::add(const WaitingRecord& record) {
  ++records_;
  if (auto added = put_record(record); !added)
    return added;
  return remembered_.is_kept() ? add_remembered(record.part) : Result<void>();
}

// The same record of the store may be asked for more than once.
Result<void> Waiting::add_remembered(const Part& part) {
  auto stored = remembered_.concerned(part.keys);
  if (!stored)
    return tl::unexpected(stored.error());
  for (Part& each : *stored)
    if (auto added = put_record({.part = std::move(each), .file = {}, .text = {}}); !added)
      return added;
  const auto gone = remembered_.was_taken_back(part.keys.settlement);
  if (!gone)
    return tl::unexpected(gone.error());
  if (!*gone)
    return {};
  const std::string entry = news_entry(Entry::taken_back, part.keys.visit, part.origin, {});
  const std::size_t to = lane_of(assemble::visit_hash(part.keys.visit), 0);
  visit_bytes_[to] += entry.size();
  return append_entry(visits_, to, entry);
}

Result<void> Waiting::put_record(const WaitingRecord& record) {
  const Part& part = record.part;
  const std::string entry = record_entry(record);
  bytes_ += entry.size();
  const std::size_t to = lane_of(assemble::visit_hash(part.keys.visit), 0);
  visit_bytes_[to] += entry.size();
  if (auto added = append_entry(visits_, to, entry); !added)
    return added;
  const auto claim = [&](Claim how, const std::string& settlement) -> Result<void> {
    if (settlement.empty())
      return {};
    const std::size_t lane = lane_of(assemble::settlement_hash(settlement), 0);
    const std::string claimed = claim_entry(how, settlement, record);
    settlement_bytes_[lane] += claimed.size();
    return append_entry(settlements_, lane, claimed);
  };
  if (auto added = claim(Claim::has, part.keys.settlement); !added)
    return added;
  return claim(Claim::takes_back, part.keys.takes_back);
}

struct Waiting::Resolution {
  Waiting& waiting;
  ChunkWorker& worker;
  const Ports& ports;
  Account& account;
  batch::BatchBuilder builder;

  // What one settlement number tells about visits other than the one that says it.
  Result<void> tell(const std::vector<Claimed>& claims) {
    std::vector<const Claimed*> holders;
    std::set<std::string_view> refunded_from; // visits whose records take it back
    for (const Claimed& each : claims)
      if (each.claim == Claim::has)
        holders.push_back(&each);
      else
        refunded_from.insert(each.visit);
    std::ranges::sort(holders, [](const Claimed* a, const Claimed* b) {
      return comes_before(a->origin, b->origin);
    });
    for (const Claimed* each : holders) {
      const bool taken_back = refunded_from.size() > 1 ||
                              (!refunded_from.empty() && *refunded_from.begin() != each->visit);
      Result<void> told;
      if (const Claimed* other = against(holders, *each))
        told = tell(Entry::contradicted, *each,
                    {other->file, is_stored(other->origin) ? 0 : other->origin.line});
      else if (taken_back)
        told = tell(Entry::taken_back, *each, {});
      if (!told)
        return told;
    }
    return {};
  }
  Result<void> tell(Entry kind, const Claimed& of, const assemble::RecordPlace& other) {
    const std::string entry = news_entry(kind, of.visit, of.origin, other);
    const std::size_t to = lane_of(assemble::visit_hash(of.visit), 0);
    waiting.visit_bytes_[to] += entry.size();
    return append_entry(waiting.visits_, to, entry);
  }

  Result<void> compare_numbers(const std::vector<std::string>& entries) {
    std::map<std::string, std::vector<Claimed>> by_number;
    for (const std::string& entry : entries) {
      Claimed claimed = claimed_in(entry);
      std::vector<Claimed>& claims = by_number[claimed.settlement];
      claims.push_back(std::move(claimed));
    }
    for (const auto& [number, claims] : by_number)
      if (auto told = tell(claims); !told)
        return told;
    return {};
  }

  Result<void> complete(const std::vector<std::string>& entries) {
    std::map<std::string, VisitRecords> visits;
    for (const std::string& entry : entries)
      add_entry(entry, visits);
    for (auto& [key, visit] : visits) {
      put_in_order(visit);
      if (auto done = complete(visit); !done)
        return done;
    }
    return {};
  }

  Result<void> complete(VisitRecords& visit) {
    const schema::Schema& schema = waiting.engine_.program.schema;
    const assemble::Settled settled = assemble::settle(schema, visit.records);
    const auto sent = [&](std::uint32_t part) { return !is_stored(visit.records[part].origin); };
    account.repeated += static_cast<std::uint64_t>(std::ranges::count_if(settled.repeated, sent));
    account.refunded += static_cast<std::uint64_t>(std::ranges::count_if(settled.refunded, sent));
    account.rejected += settled.conflicts.size();
    for (const assemble::Conflict& each : settled.conflicts) {
      if (auto told = ports.reject(visit.records[each.part].origin, reject_of(visit, each)); !told)
        return told;
    }
    if (waiting.remembered_.is_kept())
      if (auto noted = remember(visit, settled); !noted)
        return noted;
    // Of what only the store has nothing is judged.
    const auto first = std::ranges::find_if(settled.parts, sent);
    if (first == settled.parts.end())
      return {};
    account.merged += static_cast<std::uint64_t>(std::ranges::count_if(settled.parts, sent)) - 1;
    std::vector<assemble::Rows> parts;
    for (const std::uint32_t part : settled.parts)
      parts.push_back(assemble::unpack(schema, visit.records[part].content));
    assemble::add_visit(builder, assemble::merge(schema, std::move(parts)),
                        visit.records[*first].origin);
    if (builder.settlements() >= waiting.options_.batch || builder.bytes() >= waiting.memory_)
      return judge();
    return {};
  }

  // What the store learns of a visit's records.
  Result<void> remember(const VisitRecords& visit, const assemble::Settled& settled) {
    const schema::Schema& schema = waiting.engine_.program.schema;
    for (const std::uint32_t number : settled.parts) {
      const Part& part = visit.records[number];
      if (is_stored(part.origin))
        continue;
      const assemble::Rows rows = assemble::unpack(schema, part.content);
      const Header header = header_of(schema, rows);
      if (auto put = waiting.remembered_.put({.person = person_of(header, part.keys.visit),
                                              .visit = part.keys.visit,
                                              .settlement = part.keys.settlement,
                                              .last_day = last_day(header),
                                              .content = part.content});
          !put)
        return put;
    }
    for (const std::uint32_t number : settled.refunded) {
      const Part& part = visit.records[number];
      const assemble::Rows rows = assemble::unpack(schema, part.content);
      const Header header = header_of(schema, rows);
      const std::string& taken = part.keys.refund ? part.keys.takes_back : part.keys.settlement;
      if (auto noted = waiting.remembered_.take_back(taken, last_day(header)); !noted)
        return noted;
      if (!is_stored(part.origin))
        continue;
      if (auto told = ports.gone(person_of(header, part.keys.visit), part.keys.settlement); !told)
        return told;
    }
    return {};
  }

  Result<void> judge() {
    if (builder.settlements() == 0)
      return {};
    ChunkResult result = worker.settled_visits(builder.take());
    return ports.judged(result);
  }
};

Result<void> Waiting::resolve(ChunkWorker& worker, const Ports& ports, Account& account) {
  Resolution resolution{.waiting = *this,
                        .worker = worker,
                        .ports = ports,
                        .account = account,
                        .builder = {engine_.program.schema, dictionaries(engine_)}};
  Partitions numbers{
      .memory = memory_, .hash = hash_of_claim, .take = [&](const std::vector<std::string>& all) {
        return resolution.compare_numbers(all);
      }};
  for (std::size_t lane = 0; lane < lanes; ++lane)
    if (auto walked = numbers.walk(settlements_, lane, settlement_bytes_[lane], 1); !walked)
      return walked;
  Partitions visits{
      .memory = memory_, .hash = hash_of_record, .take = [&](const std::vector<std::string>& all) {
        return resolution.complete(all);
      }};
  for (std::size_t lane = 0; lane < lanes; ++lane)
    if (auto walked = visits.walk(visits_, lane, visit_bytes_[lane], 1); !walked)
      return walked;
  most_loaded_ = visits.most_loaded;
  return resolution.judge();
}

} // namespace sanku::engine
