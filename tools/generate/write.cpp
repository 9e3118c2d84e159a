// Fields stand in the order of the interface's own tables. What only depends on the item, the
// doctor or the institution was made once, so a line is a few numbers between two copied pieces.
#include "tools/generate/write.h"

#include "runtime/types/check.h"
#include "tools/generate/json_text.h"
#include "tools/generate/plant_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace sanku::generate {

namespace {

constexpr int number_width = 12;

// ,"key":" — the value and its closing quote are the caller's.
void open_field(std::string& out, std::string_view key) {
  out += ",\"";
  out += key;
  out += "\":\"";
}

void number_field(std::string& out, std::string_view key, std::int64_t value) {
  open_field(out, key);
  append_hundredths(out, value);
  out += '"';
}

void moment_field(std::string& out, std::string_view key, Moment moment) {
  open_field(out, key);
  append_moment(out, moment);
  out += '"';
}

void day_field(std::string& out, std::string_view key, Day day) {
  open_field(out, key);
  append_day(out, day);
  out += '"';
}

void id_text(std::string& out, char letter, const Claim& claim) {
  out += letter;
  append_padded(out, claim.number, number_width);
}

void piece(std::string& out, std::string_view json) {
  out += ',';
  out += json;
}

struct Money {
  Cents total = 0, own = 0, self = 0, account = 0, pool = 0;
};

Cents own_share(const Line& line) { return line.self_paid ? line.amount : 0; }
Cents self_share(const Item& item, const Line& line) {
  return item.partly_self_paid && !line.self_paid ? (line.amount + 5) / 10 : 0;
}

Money money_of(const Catalogue& catalogue, const Claim& claim) {
  Money money;
  for (const Line& line : claim.lines) {
    const Item& item = catalogue.items[line.item];
    money.total += line.amount;
    money.own += own_share(line);
    money.self += self_share(item, line);
  }
  const Cents rest = money.total - money.own - money.self;
  const Cents percent = claim.kind == VisitKind::inpatient    ? 80
                        : claim.kind == VisitKind::outpatient ? 60
                                                              : 0;
  money.pool = rest * percent / 100;
  money.account = claim.patient.insurance == "310" ? rest - money.pool : 0;
  return money;
}

void append_diagnoses(std::string& out, const Catalogue& catalogue, const Claim& claim,
                      bool compact) {
  out += ",\"fsi_diagnose_dtos\":[";
  std::uint64_t rank = 0;
  for (const DiagnosedAs& diagnosed : claim.diagnoses) {
    out += rank++ == 0 ? "{\"dise_id\":\"" : ",{\"dise_id\":\"";
    id_text(out, 'Z', claim);
    append_padded(out, rank, 2);
    if (!compact)
      out += R"(","inout_dise_type":"2)";
    out += R"(","maindise_flag":")";
    out += rank == 1 ? '1' : '0';
    if (!compact) {
      out += R"(","dias_srt_no":")";
      append_padded(out, rank, 1);
    }
    out += '"';
    piece(out, catalogue.diagnoses[diagnosed.diagnosis].json);
    if (!compact || diagnosed.dated)
      moment_field(out, "dise_date", claim.admitted);
    out += '}';
  }
  out += ']';
}

void line_id(std::string& out, const Claim& claim, std::uint32_t key) {
  id_text(out, 'R', claim);
  append_padded(out, key, 4);
}

void prescription_id(std::string& out, const Claim& claim, std::uint32_t prescription) {
  id_text(out, 'N', claim);
  append_padded(out, prescription, 2);
}

void append_head(std::string& out, const Claim& claim, const Item& item, const Line& line,
                 bool compact) {
  out += "{\"rx_id\":\"";
  line_id(out, claim, line.key);
  out += '"';
  open_field(out, "rxno");
  prescription_id(out, claim, line.prescription);
  if (compact) {
    out += '"';
    return;
  }
  out += R"(","grpno":")";
  append_padded(out, line.prescription, 1);
  out += R"(","long_drord_flag":")";
  out += claim.kind == VisitKind::inpatient && item.kind == ItemKind::service ? '1' : '0';
  out += '"';
}

void append_line(std::string& out, const Catalogue& catalogue, const Claim& claim, const Line& line,
                 bool compact) {
  const Item& item = catalogue.items[line.item];
  append_head(out, claim, item, line, compact);
  piece(out, item.json);
  number_field(out, "cnt", line.quantity);
  number_field(out, "pric", line.price);
  if (!compact || !item.groups.empty())
    number_field(out, "hilist_pric", line.list_price);
  number_field(out, "sumamt", line.amount);
  if (!compact || line.self_paid) {
    number_field(out, "ownpay_amt", own_share(line));
  }
  if (!compact)
    number_field(out, "selfpay_amt", self_share(item, line));
  moment_field(out, "drord_begn_date", line.at);
  out += line.more;
  if (!compact) {
    // Never a later day: an order over several days would have no single date.
    const Moment end = (line.at / seconds_a_day + 1) * seconds_a_day - 1;
    moment_field(out, "drord_stop_date", std::min(end, line.at + 1800));
    piece(out, claim.doctor->json);
    out += R"(,"curr_drord_flag":"1")";
  }
  out += '}';
}

void operation_id(std::string& out, const Claim& claim, std::uint32_t key) {
  id_text(out, 'O', claim);
  append_padded(out, key, 2);
}

void append_operations(std::string& out, const Catalogue& catalogue, const Claim& claim) {
  out += ",\"fsi_operation_dtos\":[";
  const std::vector<Doctor>& doctors = claim.institution->doctors;
  for (const PerformedOperation& performed : claim.operations) {
    out += performed.key == 1 ? "{\"setl_list_oprn_id\":\"" : ",{\"setl_list_oprn_id\":\"";
    operation_id(out, claim, performed.key);
    out += '"';
    piece(out, catalogue.operations[performed.operation].json);
    open_field(out, "main_oprn_flag");
    out += performed.key == 1 && !claim.no_main_operation ? "1\"" : "0\"";
    day_field(out, "oprn_date", performed.day);
    out += R"(,"anst_way":"01","oper_dr_name":")";
    out += claim.doctor->name;
    out += R"(","oper_dr_code":")";
    out += claim.doctor->code;
    const Doctor& anaesthetist = doctors[claim.number % doctors.size()];
    out += R"(","anst_dr_name":")";
    out += anaesthetist.name;
    out += R"(","anst_dr_code":")";
    out += anaesthetist.code;
    out += "\"}";
  }
  out += ']';
}

void append_place(std::string& out, const Catalogue& catalogue, const Claim& claim, bool compact) {
  piece(out, claim.institution->json);
  if (claim.kind == VisitKind::inpatient && !compact) {
    open_field(out, "wardarea_codg");
    out += "W";
    append_padded(out, 1 + claim.number % 20, 2);
    out += R"(","wardno":")";
    append_padded(out, 100 + claim.number % 400, 3);
    out += R"(","bedno":")";
    append_padded(out, 1 + claim.number % 60, 2);
    out += '"';
  }
  moment_field(out, "adm_date", claim.admitted);
  moment_field(out, "dscg_date", claim.discharged);
  const Diagnosis& main = catalogue.diagnoses[claim.diagnoses.front().diagnosis];
  append_field(out, "dscg_main_dise_codg", main.code);
  if (!compact)
    append_field(out, "dscg_main_dise_name", main.name);
}

void append_money(std::string& out, const Catalogue& catalogue, const Claim& claim, bool compact) {
  const Money money = money_of(catalogue, claim);
  number_field(out, "medfee_sumamt", money.total + claim.total_off);
  number_field(out, "ownpay_amt", money.own);
  number_field(out, "hifp_payamt", money.pool);
  if (compact)
    return;
  number_field(out, "selfpay_amt", money.self);
  number_field(out, "acct_payamt", money.account);
  number_field(out, "ma_amt", 0);
  out += R"(,"matn_stas":"0","setl_totlnum":"1","reim_flag":"1","out_setl_flag":")";
  out += claim.patient.area == claim.institution->area ? '2' : '4';
  out += '"';
}

void append_encounter(std::string& out, const Catalogue& catalogue, const Claim& claim,
                      bool compact) {
  out += "{\"mdtrt_id\":\"";
  id_text(out, 'M', claim);
  out += R"(","setl_id":")";
  id_text(out, 'S', claim);
  out += '"';
  moment_field(out, "setl_time", claim.settled);
  append_place(out, catalogue, claim, compact);
  append_diagnoses(out, catalogue, claim, compact);
  open_field(out, "dr_codg");
  out += claim.doctor->code;
  out += '"';
  if (compact)
    append_field(out, "dscg_dept_name", claim.doctor->department_name);
  else
    piece(out, claim.doctor->department);
  open_field(out, "med_mdtrt_type");
  out += static_cast<char>('1' + static_cast<int>(claim.kind));
  out += R"(","med_type":")";
  out += claim.med_type;
  out += R"(","fsi_order_dtos":[)";
  for (const Line& line : claim.lines) {
    if (&line != &claim.lines.front())
      out += ',';
    append_line(out, catalogue, claim, line, compact);
  }
  out += ']';
  append_money(out, catalogue, claim, compact);
  out += claim.more;
  open_field(out, "insutype");
  out += claim.patient.insurance;
  out += '"';
  append_operations(out, catalogue, claim);
  out += '}';
}

std::string subject_of(const Catalogue& catalogue, const Claim& claim, const Finding& finding) {
  std::string subject;
  switch (finding.rule) {
  case Rule::operation_sex:
  case Rule::operation_diagnosis:
    operation_id(subject, claim, finding.key);
    return subject;
  case Rule::course:
    return catalogue.items[finding.item].code;
  case Rule::per_day:
    subject = catalogue.items[finding.item].code + "@";
    append_day(subject, finding.day);
    return subject;
  default:
    break;
  }
  switch (subject_kind(finding.rule)) {
  case SubjectOf::visit:
    return subject;
  case SubjectOf::diagnosis:
    id_text(subject, 'Z', claim);
    append_padded(subject, finding.key, 2);
    return subject;
  case SubjectOf::prescription:
    prescription_id(subject, claim, finding.key);
    return subject;
  case SubjectOf::line:
    line_id(subject, claim, finding.key);
    return subject;
  }
  unreachable("a finding has a subject");
}

// Where a finding stands in the file: its first line, or behind all lines its operation.
std::size_t place_of(const Claim& claim, const Finding& finding) {
  if (finding.rule == Rule::operation_sex || finding.rule == Rule::operation_diagnosis)
    return claim.lines.size() + finding.key;
  const auto first = std::find_if(claim.lines.begin(), claim.lines.end(), [&](const Line& line) {
    return std::any_of(finding.lines.begin(), finding.lines.end(),
                       [&](const OffendingLine& own) { return own.key == line.key; });
  });
  return static_cast<std::size_t>(first - claim.lines.begin());
}

} // namespace

void append_claim(std::string& out, const Catalogue& catalogue, const Claim& claim, bool compact) {
  out += R"({"syscode":"SANKU","task_id":")";
  constexpr char digits[] = "0123456789abcdef";
  for (const std::uint64_t word : claim.task) {
    for (int shift = 60; shift >= 0; shift -= 4)
      out += digits[(word >> shift) & 15];
  }
  constexpr std::string_view scenes[] = {"6", "8", "10"}; // settling a visit, a stay, a purchase
  out += R"(","trig_scen":")";
  out += scenes[static_cast<std::size_t>(claim.kind)];
  const Person& patient = claim.patient;
  out += R"(","patient_dtos":[{"patn_id":")";
  out += patient.number;
  out += R"(","patn_name":")";
  out += patient.name;
  out += R"(","gend":")";
  out += patient.sex == Sex::male ? '1' : '2';
  out += '"';
  day_field(out, "brdy", patient.birth);
  open_field(out, "poolarea");
  out += patient.area;
  out += R"(","curr_mdtrt_id":")";
  id_text(out, 'M', claim);
  out += R"(","fsi_encounter_dtos":[)";
  append_encounter(out, catalogue, claim, compact);
  out += compact ? "]}]}\n" : "],\"fsi_his_data_dto\":\"\"}]}\n";
}

void append_manifest(std::string& out, const Catalogue& catalogue, const Claim& claim) {
  std::vector<const Finding*> findings;
  findings.reserve(claim.findings.size());
  for (const Finding& finding : claim.findings)
    findings.push_back(&finding);
  std::stable_sort(findings.begin(), findings.end(), [&](const Finding* a, const Finding* b) {
    const std::size_t place_a = place_of(claim, *a), place_b = place_of(claim, *b);
    return std::tuple(place_a, id_of(a->rule)) < std::tuple(place_b, id_of(b->rule));
  });
  for (const Finding* finding : findings) {
    out += "{\"mdtrt_id\":\"";
    id_text(out, 'M', claim);
    out += R"(","setl_id":")";
    id_text(out, 'S', claim);
    out += '"';
    append_field(out, "rule", id_of(finding->rule));
    constexpr std::string_view severities[] = {"violation", "suspected", "reminder"};
    append_field(out, "severity", severities[static_cast<std::size_t>(finding->says)]);
    append_field(out, "subject", subject_of(catalogue, claim, *finding));
    if (finding->amount) {
      number_field(out, "amount", *finding->amount);
    } else {
      out += ",\"amount\":null";
    }
    out += ",\"lines\":[";
    for (const OffendingLine& line : finding->lines) {
      out += &line == finding->lines.data() ? "{\"id\":\"" : ",{\"id\":\"";
      line_id(out, claim, line.key);
      out += '"';
      if (line.amount) {
        number_field(out, "amount", *line.amount);
      } else {
        out += ",\"amount\":null";
      }
      out += '}';
    }
    out += ']';
    append_field(out, "kind", finding->kind);
    out += "}\n";
  }
}

} // namespace sanku::generate
