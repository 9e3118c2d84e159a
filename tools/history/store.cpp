// See store.h. Tables: `records` (person, visit, settlement: three digests of 16 bytes) → content;
// `visits` (visit, person) and `settlements` (settlement) lead to them, the latter also to what was
// taken back; `days` (day, key) says what expires; `facts` is about the store as a whole.
#include "tools/history/store.h"

#include "runtime/types/check.h"
#include "tools/history/database.h"
#include "tools/history/mark.h"
#include "tools/pack/digest.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>
#include <xxhash.h>

namespace sanku::history {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view form = "1"; // of the tables
constexpr std::size_t key_bytes = 16;
constexpr std::size_t most_room = std::size_t{1}
                                  << 40; // of address space; the file grows as needed
constexpr unsigned most_readers = 512;
constexpr char is_record = 'r', is_taken_back = 't';

std::string key_of(std::string_view text) {
  const pack::Digest digest = pack::sha256_of(text);
  return {reinterpret_cast<const char*>(digest.data()), key_bytes};
}
// Settlement numbers and contents are told apart, so that no content is ever a number.
std::string settlement_key(std::string_view settlement, std::string_view content) {
  return settlement.empty() ? key_of("c" + key_of(content)) : key_of("s" + std::string(settlement));
}
std::string record_key(const Record& record) {
  return key_of(record.person) + key_of(record.visit) +
         settlement_key(record.settlement, record.content);
}

void put_text(std::string& out, std::string_view text) {
  const std::uint64_t size = text.size();
  out.append(reinterpret_cast<const char*>(&size), sizeof(size));
  out += text;
}
bool take_text(std::string_view& from, std::string& text) {
  std::uint64_t size = 0;
  if (from.size() < sizeof(size))
    return false;
  std::memcpy(&size, from.data(), sizeof(size));
  from.remove_prefix(sizeof(size));
  if (from.size() < size)
    return false;
  text = from.substr(0, size);
  from.remove_prefix(size);
  return true;
}

// In the order of days as bytes; records without one behind all others.
std::string day_key(std::optional<Date> day, std::string_view key) {
  const std::uint32_t order = day ? static_cast<std::uint32_t>(day->days) ^ 0x80000000u : ~0u;
  std::string out;
  for (const int shift : {24, 16, 8, 0})
    out += static_cast<char>(order >> shift);
  return out += key;
}

// A record as its value: its texts, and their digest last.
std::string value_of_record(const Record& record) {
  std::string out;
  put_text(out, record.person);
  put_text(out, record.visit);
  put_text(out, record.settlement);
  const std::int64_t day = record.last_day ? record.last_day->days : INT64_MIN;
  out.append(reinterpret_cast<const char*>(&day), sizeof(day));
  put_text(out, record.content);
  const std::uint64_t digest = XXH3_64bits(out.data(), out.size());
  return out.append(reinterpret_cast<const char*>(&digest), sizeof(digest));
}
std::optional<Record> record_in(std::string_view value) {
  std::uint64_t digest = 0;
  if (value.size() < sizeof(digest))
    return std::nullopt;
  std::memcpy(&digest, value.data() + value.size() - sizeof(digest), sizeof(digest));
  value.remove_suffix(sizeof(digest));
  Record record;
  std::int64_t day = 0;
  if (XXH3_64bits(value.data(), value.size()) != digest || !take_text(value, record.person) ||
      !take_text(value, record.visit) || !take_text(value, record.settlement) ||
      value.size() < sizeof(day))
    return std::nullopt;
  std::memcpy(&day, value.data(), sizeof(day));
  value.remove_prefix(sizeof(day));
  if (day != INT64_MIN)
    record.last_day = Date{static_cast<std::int32_t>(day)};
  if (!take_text(value, record.content) || !value.empty())
    return std::nullopt;
  return record;
}

tl::unexpected<Error> damaged(const fs::path& folder) {
  return failure(
      fmt::format("the history in `{}` is damaged: its bytes are not those that the last "
                  "run left; put back a copy, or begin a new one with another folder",
                  folder.string()),
      fmt::format("既往库“{}”已损坏：内容与上次写入的不同；请恢复备份，或另用一个文件夹重新建立",
                  folder.string()));
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

} // namespace

struct Store::State {
  fs::path folder;
  int lock = -1;
  MDB_env* env = nullptr;
  MDB_dbi records = 0, visits = 0, settlements = 0, days = 0, facts = 0;
  std::optional<std::int64_t> days_back; // windows of this length are served
  Days known;

  ~State() {
    if (env != nullptr)
      mdb_env_close(env);
    if (lock >= 0)
      (void)::close(lock);
  }

  Result<void> take_lock();
  Result<void> open_tables();
  Result<bool> read_facts(const Shape& shape);
  Result<void> write_facts(MDB_txn* txn, const Shape* shape) const;
  Result<void> check_records() const;
  Result<std::vector<Record>> under(MDB_txn* txn, std::string_view prefix) const;
};

struct Writer::Open {
  Store::State& store;
  MDB_txn* txn;
  Written written;
  int code = 0; // the first that was not 0

  bool fine(int now) {
    code = code == 0 ? now : code;
    return code == 0;
  }
  // The record under that key and all that leads to it.
  void remove_record(const std::string& key, const Record& record) {
    fine(remove(txn, store.records, key));
    fine(remove(txn, store.settlements, settlement_key(record.settlement, record.content)));
    fine(remove(txn, store.days, day_key(record.last_day, is_record + key)));
    std::string of_visit = key.substr(0, 2 * key_bytes);
    MDB_val at = value_of(of_visit), value{};
    Cursor cursor(txn, store.records);
    if (!fine(cursor.opened()))
      return;
    const int code_of_next = cursor.get(at, value, MDB_SET_RANGE);
    if (code_of_next != 0 || !view_of(at).starts_with(of_visit))
      fine(remove(txn, store.visits, of_visit.substr(key_bytes) + of_visit.substr(0, key_bytes)));
  }
  void expire(Date before);
};

// ---- opening ------------------------------------------------------------------------------------

Result<void> Store::State::take_lock() {
  const fs::path path = folder / "lock";
  lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) {
    const std::string why = std::strerror(errno);
    return failure(fmt::format("`{}` cannot be opened: {}", path.string(), why),
                   fmt::format("“{}”无法打开：{}", path.string(), why));
  }
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
    return failure(fmt::format("the history in `{}` is being used by another run", folder.string()),
                   fmt::format("既往库“{}”正被另一次运行使用", folder.string()));
  return {};
}

Result<void> Store::State::open_tables() {
  int code = mdb_env_create(&env);
  if (code == 0)
    code = mdb_env_set_maxdbs(env, 8);
  if (code == 0)
    code = mdb_env_set_maxreaders(env, most_readers);
  if (code == 0)
    code = mdb_env_set_mapsize(env, most_room);
  if (code == 0)
    code = mdb_env_open(env, folder.c_str(), MDB_NOTLS, 0600);
  if (code != 0)
    return refused(folder, code);
  Transaction txn(env, true);
  code = txn.begun();
  for (const auto& [name, table] : {std::pair("records", &records), std::pair("visits", &visits),
                                    std::pair("settlements", &settlements),
                                    std::pair("days", &days), std::pair("facts", &facts)})
    if (code == 0)
      code = mdb_dbi_open(txn.get(), name, MDB_CREATE, table);
  if (code == 0)
    code = txn.commit();
  return code == 0 ? Result<void>() : refused(folder, code);
}

// False: there are none yet.
Result<bool> Store::State::read_facts(const Shape& shape) {
  Transaction txn(env, false);
  if (txn.begun() != 0)
    return refused(folder, txn.begun());
  std::string_view found;
  if (find(txn.get(), facts, "form", found) == MDB_NOTFOUND)
    return false;
  const auto fact = [&](std::string_view name) {
    std::string_view text;
    return find(txn.get(), facts, std::string(name), text) == 0 ? std::optional(std::string(text))
                                                                : std::nullopt;
  };
  const auto kept = fact("days_back");
  if (found != form || fact("schema") != shape.schema)
    return failure(
        fmt::format("the history in `{}` was kept for another schema or by another "
                    "edition of sanku; begin a new one with another folder",
                    folder.string()),
        fmt::format("既往库“{}”是为另一结构或另一版本的 sanku 建立的；请另用一个文件夹重新建立",
                    folder.string()));
  days_back = kept ? number_in(*kept) : std::nullopt;
  if (days_back && (!shape.days_back || *shape.days_back > *days_back)) {
    const std::string wanted_en =
        shape.days_back ? fmt::format("{} days", *shape.days_back) : "all times";
    const std::string wanted_zh =
        shape.days_back ? fmt::format("{} 天", *shape.days_back) : "全部时间";
    return failure(
        fmt::format(
            "the history in `{}` keeps {} days, and rule {} looks back over {}; begin a new "
            "one with another folder, and run the visits of that time into it",
            folder.string(), *days_back, shape.farthest, wanted_en),
        fmt::format("既往库“{}”只保留 {} 天，规则 {} "
                    "要回溯{}；请另用一个文件夹，先把这段时间的就诊运行一遍",
                    folder.string(), *days_back, shape.farthest, wanted_zh));
  }
  const auto day = [&](std::string_view name) -> std::optional<Date> {
    const auto text = fact(name);
    const auto number = text ? number_in(*text) : std::nullopt;
    return number ? std::optional(Date{static_cast<std::int32_t>(*number)}) : std::nullopt;
  };
  known = {.since = day("since"), .until = day("until")};
  return true;
}

Result<void> Store::State::write_facts(MDB_txn* txn, const Shape* shape) const {
  int code = 0;
  const auto fact = [&](std::string_view name, const std::optional<std::string>& text) {
    if (code == 0)
      code =
          text ? put(txn, facts, std::string(name), *text) : remove(txn, facts, std::string(name));
  };
  const auto day = [](const std::optional<Date>& date) {
    return date ? std::optional(std::to_string(date->days)) : std::nullopt;
  };
  if (shape != nullptr) {
    fact("form", std::string(form));
    fact("schema", shape->schema);
    fact("days_back", days_back ? std::optional(std::to_string(*days_back)) : std::nullopt);
  }
  fact("since", day(known.since));
  fact("until", day(known.until));
  return code == 0 ? Result<void>() : refused(folder, code);
}

// Each by its own digest: after a change that was interrupted there is no digest over all.
Result<void> Store::State::check_records() const {
  Transaction txn(env, false);
  if (txn.begun() != 0)
    return refused(folder, txn.begun());
  Cursor cursor(txn.get(), records);
  MDB_val key{}, value{};
  int code = cursor.opened();
  for (code = code == 0 ? cursor.get(key, value, MDB_FIRST) : code; code == 0;
       code = cursor.get(key, value, MDB_NEXT))
    if (!record_in(view_of(value)))
      return damaged(folder);
  return code == MDB_NOTFOUND ? Result<void>() : refused(folder, code);
}

Result<std::unique_ptr<Store>> Store::open(const fs::path& folder, const Shape& shape) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    return failure(fmt::format("`{}` cannot be made: {}", folder.string(), failed.message()),
                   fmt::format("“{}”无法建立：{}", folder.string(), failed.message()));
  auto state = std::make_unique<State>();
  state->folder = folder;
  const bool empty = fs::is_empty(folder, failed);
  if (!empty && !fs::exists(folder / "lock", failed))
    return failure(fmt::format("`{}` holds other files and is no history", folder.string()),
                   fmt::format("“{}”内有其他文件，不是既往库", folder.string()));
  if (empty)
    fs::permissions(folder, fs::perms::owner_all, failed);
  if (auto locked = state->take_lock(); !locked)
    return tl::unexpected(locked.error());
  const auto rest = look(folder);
  if (!rest)
    return tl::unexpected(rest.error());
  if (*rest == Rest::damaged)
    return damaged(folder);
  // Also opening it for the first time changes it.
  if (*rest == Rest::fresh)
    if (auto begun = begin_change(folder); !begun)
      return tl::unexpected(begun.error());
  if (auto opened = state->open_tables(); !opened)
    return tl::unexpected(opened.error());
  const auto kept = state->read_facts(shape);
  if (!kept)
    return tl::unexpected(kept.error());
  if (!*kept) {
    state->days_back = shape.days_back;
    Transaction txn(state->env, true);
    if (txn.begun() != 0)
      return refused(folder, txn.begun());
    if (auto written = state->write_facts(txn.get(), &shape); !written)
      return tl::unexpected(written.error());
    if (const int code = txn.commit(); code != 0)
      return refused(folder, code);
  } else if (*rest == Rest::interrupted) {
    if (auto checked = state->check_records(); !checked)
      return tl::unexpected(checked.error());
  }
  if (auto ended = end_change(folder); !ended)
    return tl::unexpected(ended.error());
  return std::unique_ptr<Store>(new Store(std::move(state)));
}

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::~Store() = default;

// ---- reading ------------------------------------------------------------------------------------

Result<std::vector<Record>> Store::State::under(MDB_txn* txn, std::string_view prefix) const {
  std::vector<Record> found;
  Cursor cursor(txn, records);
  std::string from(prefix);
  MDB_val key = value_of(from), value{};
  int code = cursor.opened();
  for (code = code == 0 ? cursor.get(key, value, MDB_SET_RANGE) : code;
       code == 0 && view_of(key).starts_with(prefix); code = cursor.get(key, value, MDB_NEXT)) {
    auto record = record_in(view_of(value));
    if (!record)
      return damaged(folder);
    found.push_back(std::move(*record));
  }
  if (code != 0 && code != MDB_NOTFOUND)
    return refused(folder, code);
  return found;
}

Result<std::vector<Record>> Store::of_person(std::string_view person) const {
  Transaction txn(state_->env, false);
  if (txn.begun() != 0)
    return refused(state_->folder, txn.begun());
  return state_->under(txn.get(), key_of(person));
}

Result<std::vector<Record>> Store::of_visit(std::string_view visit) const {
  Transaction txn(state_->env, false);
  if (txn.begun() != 0)
    return refused(state_->folder, txn.begun());
  std::vector<Record> all;
  std::string wanted = key_of(visit);
  Cursor cursor(txn.get(), state_->visits);
  MDB_val key = value_of(wanted), value{};
  int code = cursor.opened();
  for (code = code == 0 ? cursor.get(key, value, MDB_SET_RANGE) : code;
       code == 0 && view_of(key).starts_with(wanted); code = cursor.get(key, value, MDB_NEXT)) {
    auto found = state_->under(txn.get(), std::string(view_of(key).substr(key_bytes)) + wanted);
    if (!found)
      return found;
    for (Record& record : *found)
      all.push_back(std::move(record));
  }
  if (code != 0 && code != MDB_NOTFOUND)
    return refused(state_->folder, code);
  return all;
}

Result<std::optional<Record>> Store::of_settlement(std::string_view settlement) const {
  Transaction txn(state_->env, false);
  std::string_view found;
  int code = txn.begun();
  if (code == 0)
    code = find(txn.get(), state_->settlements, settlement_key(settlement, ""), found);
  if (code == 0 && found.front() == is_record)
    code = find(txn.get(), state_->records, std::string(found.substr(1)), found);
  else if (code == 0)
    code = MDB_NOTFOUND;
  if (code == MDB_NOTFOUND)
    return std::optional<Record>();
  if (code != 0)
    return refused(state_->folder, code);
  auto record = record_in(found);
  if (!record)
    return damaged(state_->folder);
  return record;
}

Result<bool> Store::was_taken_back(std::string_view settlement) const {
  Transaction txn(state_->env, false);
  std::string_view found;
  int code = txn.begun();
  if (code == 0)
    code = find(txn.get(), state_->settlements, settlement_key(settlement, ""), found);
  if (code != 0 && code != MDB_NOTFOUND)
    return refused(state_->folder, code);
  return code == 0 && found.front() == is_taken_back;
}

Result<bool> Store::mentions(std::string_view visit, std::string_view settlement) const {
  Transaction txn(state_->env, false);
  if (txn.begun() != 0)
    return refused(state_->folder, txn.begun());
  std::string_view found;
  if (!settlement.empty()) {
    const int code = find(txn.get(), state_->settlements, settlement_key(settlement, ""), found);
    if (code != MDB_NOTFOUND)
      return code == 0 ? Result<bool>(true) : refused(state_->folder, code);
  }
  std::string wanted = key_of(visit);
  Cursor cursor(txn.get(), state_->visits);
  MDB_val key = value_of(wanted), value{};
  const int code = cursor.opened() == 0 ? cursor.get(key, value, MDB_SET_RANGE) : cursor.opened();
  if (code != 0 && code != MDB_NOTFOUND)
    return refused(state_->folder, code);
  return code == 0 && view_of(key).starts_with(wanted);
}

const Days& Store::known() const { return state_->known; }
std::optional<std::int64_t> Store::days_back() const { return state_->days_back; }

// ---- writing ------------------------------------------------------------------------------------

Result<void> Writer::put(const Record& record) {
  const std::string key = record_key(record), value = value_of_record(record);
  std::string_view there;
  const int found = find(open_.txn, open_.store.records, key, there);
  if (found == 0 && there == value) {
    ++open_.written.repeated;
    return {};
  }
  if (found == 0) {
    const auto old = record_in(there);
    if (!old)
      return damaged(open_.store.folder);
    open_.remove_record(key, *old);
  }
  open_.fine(history::put(open_.txn, open_.store.records, key, value));
  open_.fine(history::put(open_.txn, open_.store.visits,
                          key.substr(key_bytes, key_bytes) + key.substr(0, key_bytes), ""));
  open_.fine(
      history::put(open_.txn, open_.store.settlements, key.substr(2 * key_bytes), is_record + key));
  open_.fine(
      history::put(open_.txn, open_.store.days, day_key(record.last_day, is_record + key), ""));
  ++open_.written.added;
  return open_.code == 0 ? Result<void>() : refused(open_.store.folder, open_.code);
}

Result<void> Writer::take_back(std::string_view settlement, std::optional<Date> day) {
  const std::string key = settlement_key(settlement, "");
  std::string_view there;
  const int found = find(open_.txn, open_.store.settlements, key, there);
  if (found == 0 && there.front() == is_taken_back)
    return {};
  if (found == 0) {
    const std::string at(there.substr(1));
    std::string_view value;
    if (open_.fine(find(open_.txn, open_.store.records, at, value))) {
      const auto record = record_in(value);
      if (!record)
        return damaged(open_.store.folder);
      open_.remove_record(at, *record);
    }
  }
  open_.fine(history::put(open_.txn, open_.store.settlements, key, std::string(1, is_taken_back)));
  open_.fine(history::put(open_.txn, open_.store.days, day_key(day, is_taken_back + key), ""));
  ++open_.written.taken_back;
  return open_.code == 0 ? Result<void>() : refused(open_.store.folder, open_.code);
}

void Writer::Open::expire(Date before) {
  const std::string end = day_key(before, "");
  while (code == 0) {
    MDB_val at{}, nothing{};
    std::string key;
    {
      Cursor cursor(txn, store.days);
      if (!fine(cursor.opened()))
        return;
      const int found = cursor.get(at, nothing, MDB_FIRST);
      if (found == MDB_NOTFOUND || (found == 0 && view_of(at).substr(0, end.size()) >= end))
        return;
      if (!fine(found))
        return;
      key = view_of(at);
    }
    fine(remove(txn, store.days, key));
    const std::string of = key.substr(end.size() + 1);
    if (key[end.size()] == is_taken_back) {
      fine(remove(txn, store.settlements, of));
      continue;
    }
    std::string_view value;
    if (!fine(find(txn, store.records, of, value)))
      return;
    if (const auto record = record_in(value)) {
      remove_record(of, *record);
      ++written.expired;
    }
  }
}

Result<Written> Store::write(const Change& change) {
  State& state = *state_;
  if (auto begun = begin_change(state.folder); !begun)
    return tl::unexpected(begun.error());
  Transaction txn(state.env, true);
  if (txn.begun() != 0)
    return refused(state.folder, txn.begun());
  Writer::Open open{.store = state, .txn = txn.get(), .written = {}};
  Writer writer(open);
  if (auto put = change.records(writer); !put)
    return tl::unexpected(put.error());
  if (change.expire_before)
    open.expire(*change.expire_before);
  if (open.code != 0)
    return refused(state.folder, open.code);
  const Days before = std::exchange(state.known, change.known);
  auto facts = state.write_facts(txn.get(), nullptr);
  const int code = facts ? txn.commit() : 0;
  if (!facts || code != 0) {
    state.known = before;
    return facts ? refused(state.folder, code) : tl::unexpected(facts.error());
  }
  if (auto ended = end_change(state.folder); !ended)
    return tl::unexpected(ended.error());
  return open.written;
}

} // namespace sanku::history
