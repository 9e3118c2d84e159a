// See people_by_hand.h.
#include "bench/run/people_by_hand.h"

#include "runtime/assemble/assemble.h"
#include "runtime/batch/column.h"
#include "tools/engine/identity.h"

#include <fmt/format.h>

#include <array>
#include <span>
#include <unordered_map>

namespace sanku::bench {
namespace {

std::uint32_t relation_of(const schema::Schema& schema, std::string_view name) {
  for (std::uint32_t r = 0; r < schema.relations.size(); ++r)
    if (schema.relations[r].names.en == name)
      return r;
  stop(fmt::format("the claim schema has no list {}", name));
}
std::uint32_t column_of(const schema::Relation& relation, std::string_view path) {
  if (const auto column = engine::column_at(relation, path))
    return *column;
  stop(fmt::format("the claim schema has no field {}", path));
}

// ---- to a batch

class Filling {
public:
  Filling(const schema::Schema& schema, const batch::Dictionaries& dictionaries)
      : schema_(schema), builder_(schema, dictionaries), lines_(*schema::line_relation(schema)),
        diagnoses_(relation_of(schema, "diagnoses")) {}

  batch::Batch fill(const People& people) {
    for (std::uint32_t s = 0; s < people.visits.size(); ++s) {
      builder_.begin();
      visit(people, people.visits[s], s);
      builder_.commit({.line = s + 1});
    }
    return builder_.take();
  }

private:
  void set(std::uint32_t relation, std::string_view path, std::string_view cell) {
    if (!builder_.set_text(relation, column(relation, path), cell))
      stop(fmt::format("the claim schema does not take {} as {}", cell, path));
  }
  void time(std::uint32_t relation, std::string_view path, std::int64_t seconds) {
    builder_.set_value(relation, column(relation, path), DateTime{seconds});
  }
  void money(std::uint32_t relation, std::string_view path, std::int64_t cents) {
    set(relation, path, fmt::format("{}.{:02}", cents / 100, cents % 100));
  }
  std::uint32_t column(std::uint32_t relation, std::string_view path) {
    const auto [at, is_new] = columns_.try_emplace(fmt::format("{} {}", relation, path));
    if (is_new)
      at->second = column_of(schema_.relations[relation], path);
    return at->second;
  }

  void visit(const People& people, const PeopleVisit& visit, std::uint32_t number) {
    constexpr std::array levels = {"08", "05", "01"};
    builder_.begin_row(0);
    const std::string id = std::to_string(number + 1);
    set(0, "id", id);
    set(0, "visit", id);
    set(0, "kind", std::to_string(static_cast<int>(visit.came)));
    set(0, "med_type",
        visit.came == Came::inpatient  ? "21"
        : visit.came == Came::pharmacy ? "41"
        : visit.disease != 0           ? "14"
                                       : "11");
    time(0, "admitted", visit.begin);
    time(0, "discharged", visit.end);
    time(0, "settled", visit.settled);
    money(0, "total", visit.total());
    money(0, "fund_paid", visit.total() * 7 / 10);
    set(0, "patient.id", fmt::format("P{:06}", visit.person));
    set(0, "patient.employer", employer_name(employer_of(visit.person)));
    set(0, "provider.id", provider_name(visit.provider));
    set(0, "provider.name", "医院");
    set(0, "provider.level", levels[level_of(visit.provider) - 1]);
    set(0, "main_diagnosis_code", people.diagnoses[visit.main]);
    set(0, "terminal", fmt::format("T{:03}", visit.terminal));
    set(0, "invoice", std::to_string(visit.invoice));
    set(0, "known_since", "1900-01-01");
    if (visit.manual)
      set(0, "manual_reason", "急诊");
    if (visit.disease != 0)
      set(0, "disease", fmt::format("M{:05}", visit.disease));
    for (const bool main : {true, false}) {
      builder_.begin_row(diagnoses_);
      set(diagnoses_, "code", people.diagnoses[main ? visit.main : visit.other]);
      set(diagnoses_, "is_main", main ? "1" : "0");
      set(diagnoses_, "admission", !main && visit.acquired ? "4" : "1");
    }
    for (const PeopleLine& each : visit.lines)
      line(people, each);
  }

  void line(const People& people, const PeopleLine& line) {
    const PeopleItem& item = people.items[line.item];
    builder_.begin_row(lines_);
    set(lines_, "id", std::to_string(++line_number_));
    set(lines_, "list_type", item.list_type);
    set(lines_, "category", item.category);
    set(lines_, "code", item.code);
    set(lines_, "name", item.name);
    time(lines_, "at", line.at);
    set(lines_, "quantity", std::to_string(line.quantity));
    money(lines_, "unit_price", line.price);
    money(lines_, "amount", line.amount());
    set(lines_, "days", std::to_string(line.days));
    set(lines_, "executing_staff", fmt::format("D{:05}", line.staff));
    money(lines_, "self_paid", line.self_paid ? line.amount() : 0);
    if (line.trace != 0)
      set(lines_, "trace", fmt::format("8{:019}", line.trace));
  }

  const schema::Schema& schema_;
  batch::BatchBuilder builder_;
  std::unordered_map<std::string, std::uint32_t> columns_;
  std::uint32_t lines_, diagnoses_, line_number_ = 0;
};

// ---- to columns and tables by hand

// Columns of one list.
struct Columns {
  const schema::Relation& shape;
  const batch::RelationData& data;

  [[nodiscard]] const batch::ColumnData& at(std::string_view path) const {
    return data.columns[column_of(shape, path)];
  }
  template <class T> [[nodiscard]] const T* maybe(std::string_view path) const {
    return reinterpret_cast<const T*>(at(path).values.data());
  }
  // Of which nothing is missing.
  template <class T> [[nodiscard]] const T* all(std::string_view path) const {
    if (!batch::all_known(at(path)))
      stop(fmt::format("{} is missing somewhere; the hand-written rules rely on it", path));
    return maybe<T>(path);
  }
};

// Every code of the batch, by its dense id.
class Codes {
public:
  Codes(const Compiled& compiled, const batch::Batch& batch, std::string_view system)
      : dictionaries_(engine::dictionaries(*compiled.engine)), batch_(batch) {
    for (const schema::CodeSystem& each : compiled.program().schema.systems)
      if (each.names.en == system)
        dictionary_ = each.dictionary;
    size_ = codes::frozen_size(dictionaries_[dictionary_]) +
            static_cast<std::uint32_t>(batch.overflow[dictionary_].texts.size());
  }
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] std::string_view text(std::uint32_t id) const {
    return batch::code_text(batch_, dictionaries_, dictionary_, id);
  }
  // 0: nobody has it.
  [[nodiscard]] std::uint32_t find(std::string_view text) const {
    if (const std::uint32_t id = codes::find(dictionaries_[dictionary_], text))
      return id;
    const std::uint32_t other = codes::find(batch_.overflow[dictionary_], text);
    return other == codes::no_offset ? 0 : codes::frozen_size(dictionaries_[dictionary_]) + other;
  }
  template <class Each> void each(const Each& call) const {
    for (std::uint32_t id = codes::first_code; id < size_; ++id)
      call(id, text(id));
  }

private:
  const batch::Dictionaries& dictionaries_;
  const batch::Batch& batch_;
  std::uint32_t dictionary_ = 0, size_ = 0;
};

// Rows of a table of the pack, by names of columns.
class TableRows {
public:
  TableRows(const Compiled& compiled, std::string_view name) {
    const auto& shapes = compiled.program().tables;
    for (std::uint32_t t = 0; t < shapes.size(); ++t)
      if (shapes[t].shape.relation.names.en == name) {
        shape_ = &shapes[t].shape.relation;
        table_ = &compiled.tables()[t];
      }
    if (table_ == nullptr)
      stop(fmt::format("the pack has no table {}", name));
  }
  template <class Each> void each(const Each& call) const {
    for (const std::vector<Value>& row : table_->rows)
      call([&](std::string_view column) -> const Value& {
        for (std::size_t c = 0; c < shape_->columns.size(); ++c)
          if (shape_->columns[c].names.en == column)
            return row[c];
        stop(fmt::format("a table has no column {}", column));
      });
  }

private:
  const schema::Relation* shape_ = nullptr;
  const knowledge::Table* table_ = nullptr;
};

const std::string& code(const Value& value) { return std::get<CodeText>(value).text; }
std::int64_t number(const Value& value) { return std::get<Integer>(value).value; }
std::int64_t units(const Value& value) {
  return static_cast<std::int64_t>(std::get<Decimal>(value).units);
}
std::int64_t month(const Value& value) { return limit::month_of(std::get<Date>(value).days); }

bool is_between(std::string_view code, std::string_view first, std::string_view last) {
  const std::string_view three = code.substr(0, 3);
  return first <= three && three <= last;
}
bool is_lasting(std::string_view code) {
  return is_between(code, "E10", "E14") || is_between(code, "I10", "I15") ||
         is_between(code, "I20", "I25") || is_between(code, "I60", "I69") ||
         is_between(code, "J44", "J44") || is_between(code, "N18", "N18") ||
         is_between(code, "M05", "M06");
}
bool begins_with(std::string_view code, std::span<const std::string_view> beginnings) {
  return std::ranges::any_of(beginnings,
                             [&](std::string_view each) { return code.starts_with(each); });
}
bool is_planned(std::string_view code) {
  constexpr std::string_view beginnings[] = {"N18.5", "Z49", "Z51.0", "Z51.1", "Z51.2", "Z51.8"};
  return begins_with(code, beginnings);
}
bool is_frequent(std::string_view code) {
  return is_planned(code) || is_between(code, "C00", "C97") || is_between(code, "N19", "N19") ||
         is_between(code, "Z50", "Z50");
}
bool is_infection(std::string_view code) {
  constexpr std::string_view four[] = {"J95.8", "N39.0", "O86.0", "T80.2", "T81.4",
                                       "T82.6", "T82.7", "T83.5", "T83.6", "T84.5",
                                       "T84.6", "T84.7", "T85.7"};
  return is_between(code, "A40", "A41") || is_between(code, "J12", "J18") ||
         std::ranges::any_of(four, [&](std::string_view each) { return code.starts_with(each); });
}

// Of an invented molecule its number from 1, of other drugs 0.
std::uint16_t molecule_of(std::string_view code) {
  return code.starts_with("XB01AA")
             ? static_cast<std::uint16_t>(1 + std::stoul(std::string(code.substr(6, 3))))
             : std::uint16_t{0};
}

} // namespace

PeopleBlock::PeopleBlock(const People& people, const Compiled& compiled) : compiled_(compiled) {
  const schema::Schema& schema = compiled.program().schema;
  const batch::Dictionaries& dictionaries = engine::dictionaries(*compiled.engine);
  batch_ = Filling(schema, dictionaries).fill(people);
  assemble::assemble(batch_, schema, dictionaries, engine::assembly(*compiled.engine));
  lay_columns();
  lay_lines();
  lay_diagnoses();
  lay_registers();
}

void PeopleBlock::lay_columns() {
  const schema::Schema& schema = compiled_.program().schema;
  const std::uint32_t lines = *schema::line_relation(schema);
  const std::uint32_t diagnoses = relation_of(schema, "diagnoses");
  const Columns visit{schema.relations[0], batch_.relations[0]};
  const Columns line{schema.relations[lines], batch_.relations[lines]};
  const Columns diagnosis{schema.relations[diagnoses], batch_.relations[diagnoses]};
  using Id = std::uint32_t;
  using Units = std::int64_t;
  by_hand_.visits = {.count = batch_.settlements,
                     .person_begin = batch_.people.begin.data(),
                     .person_end = batch_.people.end.data(),
                     .order = batch_.relations[0].order.data(),
                     .kind = visit.all<Id>("kind"),
                     .med_type = visit.all<Id>("med_type"),
                     .person = visit.all<Id>("patient.id"),
                     .provider = visit.all<Id>("provider.id"),
                     .level = visit.all<Id>("provider.level"),
                     .main_diagnosis = visit.all<Id>("main_diagnosis_code"),
                     .terminal = visit.all<Id>("terminal"),
                     .employer = visit.all<Id>("patient.employer"),
                     .disease = visit.maybe<Id>("disease"),
                     .begin = visit.all<Units>("admitted"),
                     .end = visit.all<Units>("discharged"),
                     .settled = visit.all<Units>("settled"),
                     .total = visit.all<Units>("total"),
                     .fund_paid = visit.all<Units>("fund_paid"),
                     .manual = visit.at("manual_reason").validity.data(),
                     .invoices = visit.all<char>("invoice"),
                     .invoice_at = visit.at("invoice").offsets.data(),
                     .first_line = batch_.relations[lines].offsets.data(),
                     .first_diagnosis = batch_.relations[diagnoses].offsets.data()};
  by_hand_.lines = {.order = batch_.relations[lines].order.data(),
                    .code = line.all<Id>("code"),
                    .list_type = line.all<Id>("list_type"),
                    .category = line.all<Id>("category"),
                    .staff = line.all<Id>("executing_staff"),
                    .trace = line.maybe<Id>("trace"),
                    .at = line.all<Units>("at"),
                    .quantity = line.all<Units>("quantity"),
                    .unit_price = line.all<Units>("unit_price"),
                    .amount = line.all<Units>("amount"),
                    .days = line.all<Units>("days"),
                    .own_share = line.all<Units>("self_paid"),
                    .names = line.all<char>("name"),
                    .name_at = line.at("name").offsets.data()};
  by_hand_.diagnoses = {.code = diagnosis.all<Id>("code"),
                        .admission = diagnosis.all<Id>("admission")};
}

void PeopleBlock::lay_lines() {
  const Codes items(compiled_, batch_, "ItemCode");
  std::vector<limit::LineCode>& lines = by_hand_.tables.lines;
  lines.resize(items.size());
  const auto named = [&](std::string_view table, std::string_view key, const auto& fill) {
    TableRows(compiled_, table).each([&](const auto& cell) {
      if (const std::uint32_t id = items.find(code(cell(key))))
        fill(lines[id], cell);
    });
  };
  const auto begun = [&](std::string_view table, std::string_view key, const auto& fill) {
    TableRows(compiled_, table).each([&](const auto& cell) {
      items.each([&](std::uint32_t id, std::string_view text) {
        if (text.starts_with(code(cell(key))))
          fill(lines[id], cell);
      });
    });
  };
  items.each([&](std::uint32_t id, std::string_view text) {
    lines[id].dialysis = text.starts_with("00311");
    lines[id].bed = text.starts_with("001109");
    lines[id].first = molecule_of(text);
  });
  named("second_line", "code", [](auto& line, const auto&) { line.second = true; });
  named("first_visit_item", "code", [](auto& line, const auto&) { line.first_visit = true; });
  named("rehab_minutes", "code",
        [](auto& line, const auto& cell) { line.minutes = number(cell("minutes")); });
  named("stock", "code", [](auto& line, const auto&) { line.stocked = true; });
  named("agreed_volume", "code", [](auto& line, const auto&) { line.agreed = true; });
  named("item_course", "code", [](auto& line, const auto& cell) {
    line.course_days = is_known(cell("max_days")) ? number(cell("max_days")) : 0;
  });
  named("item_period", "code", [](auto& line, const auto& cell) {
    line.most = number(cell("max"));
    line.period_days = number_of(std::get<Window>(cell("period")));
  });
  begun("first_line", "second",
        [](auto& line, const auto& cell) { line.tried = molecule_of(code(cell("first"))); });
  begun("key_drug", "code", [](auto& line, const auto&) { line.key_drug = true; });
  begun("imaging", "code", [](auto& line, const auto& cell) {
    line.imaging = std::get<std::string>(cell("kind")) == "CT" ? 1 : 2;
  });
  std::vector<std::string> capped;
  const auto cap = [&](auto& line, const auto& cell, bool consumable) {
    const std::string& of = code(cell("code"));
    auto at = std::ranges::find(capped, of);
    if (at == capped.end())
      at = capped.insert(capped.end(), of);
    line.capped = static_cast<std::uint32_t>(at - capped.begin()) + 1;
    line.cap = units(cell("cap"));
    line.cap_of_year = is_known(cell("period"));
    line.cap_of_consumable = consumable;
  };
  named("item_cap", "code", [&](auto& line, const auto& cell) { cap(line, cell, false); });
  begun("consumable_cap", "code", [&](auto& line, const auto& cell) { cap(line, cell, true); });
  std::vector<std::string> classes;
  begun("drug_class", "code", [&](auto& line, const auto& cell) {
    const std::string& name = std::get<std::string>(cell("class"));
    auto at = std::ranges::find(classes, name);
    if (at == classes.end())
      at = classes.insert(classes.end(), name);
    line.classes |= 1u << (at - classes.begin());
  });
}

void PeopleBlock::lay_diagnoses() {
  const Codes codes(compiled_, batch_, "DiagnosisCode");
  std::vector<limit::DiagnosisCode>& rows = by_hand_.tables.diagnoses;
  rows.resize(codes.size());
  std::unordered_map<std::string, std::uint32_t> categories;
  TableRows(compiled_, "dx_category").each([&](const auto& cell) {
    const auto number = static_cast<std::uint32_t>(categories.size() + 1);
    categories.try_emplace(code(cell("diagnosis")), number);
  });
  codes.each([&](std::uint32_t id, std::string_view text) {
    rows[id].lasting = is_lasting(text);
    rows[id].infection = is_infection(text);
    const auto at = categories.find(std::string(text.substr(0, 3)));
    rows[id].category = at == categories.end() ? 0 : at->second;
    rows[id].planned = is_planned(text);
    rows[id].frequent = is_frequent(text);
    TableRows(compiled_, "planned_cycle").each([&](const auto& cell) {
      const bool in_table = text.starts_with(code(cell("diagnosis")));
      rows[id].planned = rows[id].planned || in_table;
      rows[id].frequent = rows[id].frequent || in_table;
    });
  });
}

void PeopleBlock::lay_registers() {
  limit::Tables& tables = by_hand_.tables;
  const Codes items(compiled_, batch_, "ItemCode"), providers(compiled_, batch_, "ProviderCode"),
      employers(compiled_, batch_, "EmployerCode");
  tables.employers.resize(employers.size());
  TableRows(compiled_, "employer").each([&](const auto& cell) {
    tables.employers[employers.find(code(cell("employer")))] = {
        true, std::get<Date>(cell("since")).days, number(cell("people"))};
  });
  tables.beds.resize(providers.size());
  TableRows(compiled_, "capacity").each([&](const auto& cell) {
    tables.beds[providers.find(code(cell("provider")))] = number(cell("beds"));
  });
  const auto provider = [&](const auto& cell) {
    return std::uint64_t{providers.find(code(cell("provider")))} << 32;
  };
  TableRows(compiled_, "declared").each([&](const auto& cell) {
    tables.declared.add({provider(cell), static_cast<std::uint64_t>(month(cell("month")))});
    tables.declared_due.push_back({true, units(cell("total")), false});
  });
  TableRows(compiled_, "special_review").each([&](const auto& cell) {
    tables.special.add({provider(cell), static_cast<std::uint64_t>(month(cell("month")))});
    tables.special_due.push_back(
        {true, number(cell("asked")), std::get<Bool>(cell("by_point")).value});
  });
  TableRows(compiled_, "stock").each([&](const auto& cell) {
    tables.stock.add({provider(cell) | items.find(code(cell("code"))),
                      static_cast<std::uint64_t>(month(cell("month")))});
    tables.stock_units.push_back(units(cell("opening")) + units(cell("purchased")) -
                                 units(cell("closing")));
  });
  TableRows(compiled_, "agreed_volume").each([&](const auto& cell) {
    tables.agreed.add({provider(cell) | items.find(code(cell("code"))), 0});
    tables.agreed_units.push_back(units(cell("agreed")));
  });
  TableRows(compiled_, "routine_test").each([&](const auto& cell) {
    tables.routine.push_back(std::get<std::string>(cell("name")));
  });
}

} // namespace sanku::bench
