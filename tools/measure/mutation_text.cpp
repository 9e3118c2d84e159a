// See mutation_text.h.
#include "tools/measure/mutation_text.h"

#include "runtime/io/json_text.h"
#include "tools/engine/layout.h"
#include "tools/measure/coverage_text.h"

#include <fmt/format.h>

#include <array>

namespace sanku::measure {
namespace {

using engine::Align;
using engine::padded;
using engine::words;

constexpr std::string_view red = "\x1b[31m", plain = "\x1b[0m", faint = "\x1b[2m";

struct Writer {
  const Rules& rules;
  const Mutation& mutation;
  engine::ReportStyle style;
  std::string out = {};

  std::string_view pick(std::string_view zh, std::string_view en) const {
    return words(style.language, zh, en);
  }
  std::string coloured(std::string_view colour, std::string_view text) const {
    return style.colour ? fmt::format("{}{}{}", colour, text, plain) : std::string(text);
  }

  void mutant(const JudgedMutant& of) {
    const KindWords& kind = words_of(of.kind);
    const std::string place =
        fmt::format("{}:{}", rules.map.files[of.span.file].path,
                    source::place_of(rules.map, of.span.file, of.span.begin).line);
    out += fmt::format(
        "  {} {} {} → {}  {}{}\n", coloured(red, "✗"),
        padded(words(style.language, kind.zh, kind.en), 12),
        engine::fitted(pick(of.from_zh, of.from_en), 90),
        engine::fitted(pick(of.to_zh, of.to_en), 90), coloured(faint, place),
        of.fate == Fate::unreached ? pick("  （没有测试到此）", "  (no test gets here)") : "");
    if (of.claim.empty()) {
      out += fmt::format("      {}\n",
                         pick("在限定的范围内没有找到能区分两者的结算单",
                              "no claim that tells them apart was found within the bound"));
      return;
    }
    out += fmt::format("      {}\n", pick("能发现它的测试：", "a test that would notice:"));
    std::string_view rest = of.claim;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      out += fmt::format("        {}\n", rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }

  void survivors() {
    std::optional<std::uint32_t> rule;
    for (const JudgedMutant& each : mutation.mutants) {
      if (each.fate == Fate::noticed || each.fate == Fate::equal)
        continue;
      if (rule != each.rule) {
        const hir::Rule& of = engine::program(rules).rules[each.rule];
        out += fmt::format("\n{} {}\n", of.id, pick(of.title_zh, of.title_en));
      }
      rule = each.rule;
      mutant(each);
    }
  }

  void figures() {
    std::array<Tally, mutant_kinds> kinds{};
    std::array<std::uint64_t, 4> fates{};
    for (const JudgedMutant& each : mutation.mutants) {
      ++fates[static_cast<std::size_t>(each.fate)];
      Tally& tally = kinds[static_cast<std::size_t>(each.kind)];
      tally.all += each.fate != Fate::equal;
      tally.reached += each.fate == Fate::noticed;
    }
    out += fmt::format("\n{}\n", pick("变异", "Mutation"));
    const auto row = [&](std::string_view name, const Tally& tally) {
      out += fmt::format("  {} {} {}\n", padded(name, 16),
                         padded(per_cent_text(per_cent(tally)), 8, Align::right),
                         padded(fmt::format("{} / {}", engine::count_text(tally.reached),
                                            engine::count_text(tally.all)),
                                18, Align::right));
    };
    for (std::size_t i = 0; i < mutant_kinds; ++i) {
      const KindWords& kind = words_of(static_cast<MutantKind>(i));
      if (kinds[i].all > 0)
        row(words(style.language, kind.zh, kind.en), kinds[i]);
    }
    row(pick("合计", "whole"), mutation.score());
    out += fmt::format(
        fmt::runtime(
            pick("  {} 个变异（共 {} 个）：发现 {}，未发现 {}，没有测试到达 {}，与原规则相同 {}\n",
                 "  {} mutants (of {}): noticed {}, survived {}, reached by no test {}, "
                 "the same as the rule {}\n")),
        mutation.mutants.size(), mutation.all, fates[0], fates[1], fates[2], fates[3]);
  }
};

std::string in_json(std::string_view text) {
  std::string out;
  io::append_json_string(out, text);
  return out;
}

} // namespace

std::string_view fate_key(Fate fate) {
  switch (fate) {
  case Fate::noticed:
    return "noticed";
  case Fate::survived:
    return "survived";
  case Fate::unreached:
    return "unreached";
  case Fate::equal:
    break;
  }
  return "equal";
}

std::string mutation_text(const Rules& rules, const Mutation& mutation, engine::ReportStyle style) {
  Writer writer{.rules = rules, .mutation = mutation, .style = style};
  writer.survivors();
  writer.figures();
  return std::move(writer.out);
}

std::string mutation_json(const Rules& rules, const Mutation& mutation) {
  const Tally score = mutation.score();
  std::string out =
      fmt::format("{{\"pack\":{},\n\"score\":{{\"noticed\":{},\"all\":{},\"per_cent\":{}.{:02}}},\n"
                  "\"mutants_of_pack\":{},\n\"mutants\":[",
                  in_json(engine::label(rules)), score.reached, score.all, per_cent(score) / 100,
                  per_cent(score) % 100, mutation.all);
  bool first = true;
  for (const JudgedMutant& each : mutation.mutants) {
    const source::Place at = source::place_of(rules.map, each.span.file, each.span.begin);
    out += fmt::format(
        "{}\n{{\"kind\":\"{}\",\"rule\":{},\"file\":{},\"line\":{},\"column\":{},\"from\":{},"
        "\"from_zh\":{},\"to\":{},\"to_zh\":{},\"fate\":\"{}\"",
        first ? "" : ",", words_of(each.kind).key,
        in_json(engine::program(rules).rules[each.rule].id),
        in_json(rules.map.files[each.span.file].path), at.line, at.column, in_json(each.from_en),
        in_json(each.from_zh), in_json(each.to_en), in_json(each.to_zh), fate_key(each.fate));
    first = false;
    if (each.by != nullptr)
      out += ",\"by\":" + in_json(each.by->ast->title);
    if (!each.why_en.empty())
      out += ",\"why\":" + in_json(each.why_en);
    if (!each.claim.empty())
      out += ",\"claim\":" + in_json(each.claim);
    out += "}";
  }
  return out + "]}\n";
}

} // namespace sanku::measure
